package ai.materi.crdt;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Leaves out of a history what its failure does not need: ever smaller runs of operations, then edits of a transaction,
 * until nothing can go or the time is up.
 *
 * <p>After Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input" (2002).
 */
final class Shrinker {
    private final Function<History, @Nullable Divergence> replay;
    private final BooleanSupplier mayGoOn;
    private final Divergence divergence;
    private History smallest;

    /**
     * @param replay what a history fails with, null when it does not
     * @param divergence with what the failing one does
     */
    Shrinker(
            Function<History, @Nullable Divergence> replay,
            BooleanSupplier mayGoOn,
            History failing,
            Divergence divergence) {
        this.replay = replay;
        this.mayGoOn = mayGoOn;
        this.divergence = divergence;
        this.smallest = upTo(failing, divergence);
    }

    private static History upTo(History history, Divergence divergence) {
        List<Operation> all = history.operations();
        return history.with(List.copyOf(all.subList(0, Math.min(all.size(), divergence.operation() + 1))));
    }

    /** The smallest history found that fails in the same way. */
    History shrink() {
        List<Operation> before;
        do {
            before = smallest.operations();
            leaveOut();
            makeSmaller();
        } while (mayGoOn.getAsBoolean() && !smallest.operations().equals(before));
        return smallest;
    }

    private void leaveOut() {
        for (int run = smallest.operations().size(); run > 0; run /= 2) {
            // From the end: what is late is needed least.
            for (int to = smallest.operations().size(); to > 0; to -= run) {
                List<Operation> kept = new ArrayList<>(smallest.operations());
                if (to <= kept.size()) {
                    kept.subList(Math.max(0, to - run), to).clear();
                    attempt(kept);
                }
            }
        }
    }

    private void makeSmaller() {
        for (int i = 0; i < smallest.operations().size(); i++) {
            for (int size = 1; size < smallest.operations().get(i).size(); size++) {
                List<Operation> changed = new ArrayList<>(smallest.operations());
                changed.set(i, changed.get(i).withSize(size));
                if (attempt(changed)) {
                    break;
                }
            }
        }
    }

    private boolean attempt(List<Operation> operations) {
        if (!mayGoOn.getAsBoolean()) {
            return false;
        }
        History history = smallest.with(operations);
        Divergence seen = replay.apply(history);
        if (seen == null || !seen.isLike(divergence)) {
            return false;
        }
        smallest = upTo(history, seen);
        return true;
    }
}
