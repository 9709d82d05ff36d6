package ai.materi.crdt;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells the observers of types what a transaction did, before what it deleted is collected: first those of each changed
 * type, in the order in which the types first changed, then the deep ones. A type that an observer has deleted meanwhile
 * is passed over.
 */
final class ObserverCalls {
    private final Doc doc;
    private final Store store;
    private final Transaction tx;
    private final boolean watched;

    /** @param watched whether anybody asks for events */
    ObserverCalls(Doc doc, Transaction tx, boolean watched) {
        this.doc = doc;
        this.store = doc.store();
        this.tx = tx;
        this.watched = watched;
    }

    /** Answers the first failure of a listener. */
    @Nullable
    RuntimeException run() {
        if (watched) {
            tx.events = new LinkedHashMap<>();
        }
        RuntimeException failure = null;
        for (Transaction.Change change : tx.changes()) {
            if (!store.isGone(change.branch)) {
                failure = visit(failure, change);
            }
        }
        List<Branch> deep = new ArrayList<>();
        for (Branch branch : tx.events.keySet()) {
            if (branch.observers != null && !branch.observers.deep().isEmpty() && !store.isGone(branch)) {
                deep.add(branch);
            }
        }
        for (Branch branch : deep) {
            failure = tellDeep(failure, branch);
        }
        return failure;
    }

    private @Nullable RuntimeException visit(@Nullable RuntimeException before, Transaction.Change change) {
        Branch branch = change.branch;
        if (!tx.local && branch.markers != null) {
            branch.markers.clear();
        }
        RuntimeException failure = before;
        if (watched && branch.kind != Branch.UNTYPED) {
            YEvent event = new YEvent(doc, tx, change);
            enter(event, branch);
            if (branch.observers != null) {
                failure = tell(failure, branch.observers.own(), event);
            }
        }
        tx.needsFormattingCleanup |= !tx.local && branch.isText() && branch.hasFormatting;
        return failure;
    }

    /** Notes the event with the type and all that it is in. */
    private void enter(YEvent event, Branch branch) {
        Branch around = branch;
        while (true) {
            tx.events.computeIfAbsent(around, b -> new ArrayList<>(1)).add(event);
            if (around.isRoot()) {
                return;
            }
            around = store.parent(around.item);
        }
    }

    private @Nullable RuntimeException tellDeep(@Nullable RuntimeException before, Branch branch) {
        List<YEvent> events = new ArrayList<>();
        for (YEvent event : tx.events.getOrDefault(branch, List.of())) {
            if (!store.isGone(event.branch())) {
                event.seenFrom(branch);
                events.add(event);
            }
        }
        events.sort(Comparator.comparingInt(YEvent::depth));
        List<Consumer<List<YEvent>>> listeners = branch.observers == null ? List.of() : branch.observers.deep();
        return tell(before, listeners, List.copyOf(events));
    }

    private static <T> @Nullable RuntimeException tell(
            @Nullable RuntimeException before, List<Consumer<T>> listeners, T what) {
        RuntimeException failure = before;
        for (Consumer<T> listener : listeners) {
            failure = Doc.guarded(failure, () -> listener.accept(what));
        }
        return failure;
    }
}
