package ai.materi.crdt;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Runs the same random histories here, in yjs and in ywasm, and compares what can be seen of them; {@link Replay} says what.
 * A history that fails is shrunk, and printed with its seed.
 *
 * <p>{@code -Dcrdt.seed=N} begins with the history of that seed, {@code -Dcrdt.seconds=N} or
 * {@code -Dcrdt.transactions=N} sets how long it goes on.
 */
class YjsDifferentialTest {
    private static final long SHRINKING = TimeUnit.SECONDS.toNanos(60);

    @Test
    void decidesLikeYjsInRandomHistories() throws Exception {
        long seed = Long.getLong("crdt.seed", System.nanoTime());
        long transactions = Long.getLong("crdt.transactions", 0);
        long seconds = Long.getLong("crdt.seconds", 20);
        System.out.println("differential test: -Dcrdt.seed=" + seed);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        try (YjsOracle oracle = YjsOracle.start()) {
            Tally tally = Tally.NONE;
            while (transactions > 0 ? tally.transactions() < transactions : System.nanoTime() < end) {
                tally = tally.plus(replay(History.of(seed), oracle));
                seed = new SplittableRandom(seed).nextLong();
            }
            System.out.println("differential test: " + tally);
        }
    }

    private static Tally replay(History history, YjsOracle oracle) {
        try {
            return Replay.of(history, oracle, true);
        } catch (Divergence divergence) {
            throw new AssertionError(report(history, divergence, oracle), divergence);
        } catch (IllegalStateException gone) {
            throw new AssertionError("-Dcrdt.seed=" + history.seed() + " ends the oracle", gone);
        }
    }

    private static String report(History history, Divergence first, YjsOracle oracle) {
        long end = System.nanoTime() + SHRINKING;
        History smallest =
                new Shrinker(h -> failure(h, oracle, true), () -> System.nanoTime() < end, history, first).shrink();
        List<String> asked = new ArrayList<>();
        Oracle noting = requests -> {
            asked.addAll(requests.stream().filter(YjsDifferentialTest::changes).toList());
            return oracle.answers(requests);
        };
        Divergence divergence = failure(smallest, noting, false);
        return "-Dcrdt.seed=" + history.seed() + " fails; of its "
                + history.operations().size() + " operations these suffice:\n  "
                + lines(smallest.operations()) + "\nasked for them:\n  " + lines(asked) + "\n"
                + (divergence == null ? "it did not fail once more" : divergence.getMessage());
    }

    /** Whether it is more than a question. */
    private static boolean changes(String request) {
        return Stream.of("create", "tick", "manage", "echo", "observe", "edit", "undo", "apply", "reload", "merge")
                .anyMatch(command -> request.startsWith("[\"" + command));
    }

    private static String lines(List<?> all) {
        return String.join("\n  ", all.stream().map(String::valueOf).toList());
    }

    private static @Nullable Divergence failure(History history, Oracle oracle, boolean brief) {
        try {
            Replay.of(history, oracle, brief);
            return null;
        } catch (Divergence divergence) {
            return divergence;
        }
    }
}
