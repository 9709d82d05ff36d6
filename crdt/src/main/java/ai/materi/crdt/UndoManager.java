package ai.materi.crdt;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Undoes and redoes what was done to some types of a document, and leaves alone what others did meanwhile.
 *
 * <p>It decides like the {@code UndoManager} of yjs. Transactions whose origin it tracks become steps; those that come
 * within the capture timeout after one another become one. To undo a step is to delete what it inserted and to bring back
 * what it deleted, and this is an ordinary change that every peer receives. An entry of a map to which somebody else gave
 * a value meanwhile is not brought back unless asked for.
 *
 * <p>Content that a step deleted, or that came back, is kept from being collected, and stays in the encoded state. As in
 * yjs, {@link #clear} ends that for the steps that are still on a stack, and collects nothing by itself: the content goes
 * when a type around it is collected, or where the state is loaded.
 *
 * <p>Belongs to the thread of its document.
 */
public final class UndoManager implements AutoCloseable {
    /** What becomes of a transaction: an ordinary step, or the other side of one that is being undone or redone. */
    private enum Mode {
        CAPTURING,
        UNDOING,
        REDOING
    }

    /**
     * What undoing is about to delete.
     *
     * @param id the first unit
     * @param length how many units
     * @param parent the type that holds them
     * @param key of a map's entry or an attribute; null in a sequence
     * @param type the type that is deleted; null when it is no type
     */
    public record Deletion(
            Id id,
            int length,
            YType parent,
            @Nullable String key,
            @Nullable YType type) {}

    private final Doc doc;
    private final Store store;
    private final Set<Branch> scope = new LinkedHashSet<>();
    private final boolean wholeDocument;
    private final Set<@Nullable Object> trackedOrigins;
    private final Predicate<Transaction> captures;
    private final Predicate<Deletion> deletes;
    private final boolean ignoreRemoteMapChanges;
    private final long captureTimeout;
    private final LongSupplier clock;
    private final List<Consumer<StackEvent>> listeners = new ArrayList<>(1);
    private final Registration registration;
    private boolean closed;

    private final List<StackItem> undoStack = new ArrayList<>();
    private final List<StackItem> redoStack = new ArrayList<>();
    private Mode mode = Mode.CAPTURING;
    private @Nullable StackItem popped;
    private @Nullable Transaction reverting;
    private long lastChange;

    private UndoManager(Builder from) {
        doc = from.doc;
        store = doc.store();
        wholeDocument = from.scope.isEmpty();
        trackedOrigins = new HashSet<>(from.trackedOrigins);
        trackedOrigins.add(this);
        captures = from.captures;
        deletes = from.deletes;
        ignoreRemoteMapChanges = from.ignoreRemoteMapChanges;
        captureTimeout = from.captureTimeout;
        clock = from.clock;
        from.scope.forEach(this::addToScope);
        registration = doc.afterTransaction(this::afterTransaction);
        doc.watch(1);
    }

    /** For all that happens in a document. */
    public static Builder builder(Doc doc) {
        return new Builder(doc, List.of());
    }

    /**
     * For what happens in these types of one document, at whatever depth.
     *
     * @param scope at least one, all part of the same document
     */
    public static Builder builder(List<? extends YType> scope) {
        if (scope.isEmpty()) {
            throw new IllegalArgumentException("no types to undo changes of");
        }
        return new Builder(scope.get(0).doc(), List.copyOf(scope));
    }

    /** How a manager is to be. */
    public static final class Builder {
        private final Doc doc;
        private final List<YType> scope;
        private final Set<@Nullable Object> trackedOrigins = new HashSet<>();
        private Predicate<Transaction> captures = tx -> true;
        private Predicate<Deletion> deletes = deletion -> true;
        private boolean ignoreRemoteMapChanges;
        private long captureTimeout = 500;
        private LongSupplier clock = System::currentTimeMillis;

        private Builder(Doc doc, List<YType> scope) {
            this.doc = doc;
            this.scope = scope;
            trackedOrigins.add(null);
        }

        /**
         * The origins of the transactions that become steps: values as they are passed to {@link Doc#transact}, or the
         * classes of such values. Null alone unless given; the manager itself is always one.
         */
        public Builder trackedOrigins(Set<? extends @Nullable Object> origins) {
            trackedOrigins.clear();
            trackedOrigins.addAll(origins);
            return this;
        }

        /** How many milliseconds after one another transactions still become one step; 500 unless given. */
        public Builder captureTimeout(long milliseconds) {
            captureTimeout = milliseconds;
            return this;
        }

        /** Where the time comes from, in milliseconds above 0; the system's clock unless given. */
        public Builder clock(LongSupplier milliseconds) {
            clock = milliseconds;
            return this;
        }

        /** Which transactions, among those of a tracked origin, become steps; all unless given. */
        public Builder captureTransaction(Predicate<Transaction> filter) {
            captures = filter;
            return this;
        }

        /** What undoing and redoing may delete; everything that a step inserted unless given. */
        public Builder deleteFilter(Predicate<Deletion> filter) {
            deletes = filter;
            return this;
        }

        /** Lets undoing bring back entries of maps even where somebody else gave them a value meanwhile. */
        public Builder ignoreRemoteMapChanges(boolean ignore) {
            ignoreRemoteMapChanges = ignore;
            return this;
        }

        /** The manager, which listens from now on. */
        public UndoManager build() {
            return new UndoManager(this);
        }
    }

    // ---- scope and origins

    /** Makes changes in another type of the document steps too. */
    public void addToScope(YType type) {
        if (type.doc() != doc) {
            throw new IllegalArgumentException("a type of another document");
        }
        scope.add(type.branch());
    }

    /** Makes transactions of another origin, or of origins of a class, steps too. */
    public void addTrackedOrigin(@Nullable Object origin) {
        trackedOrigins.add(origin);
    }

    public void removeTrackedOrigin(@Nullable Object origin) {
        trackedOrigins.remove(origin);
    }

    private boolean isTracked(@Nullable Object origin) {
        return trackedOrigins.contains(origin) || (origin != null && trackedOrigins.contains(origin.getClass()));
    }

    private boolean isTouched(Transaction tx) {
        return wholeDocument || scope.stream().anyMatch(tx.events::containsKey);
    }

    private boolean isInScope(int item) {
        return wholeDocument || scope.stream().anyMatch(branch -> store.isInside(branch, item));
    }

    private boolean isItemInScope(int item) {
        return store.items.kind(item) != Items.GC && isInScope(item);
    }

    // ---- capturing

    private void afterTransaction(Transaction tx) {
        if (!captures.test(tx) || !isTouched(tx) || !isTracked(tx.origin())) {
            return;
        }
        if (mode == Mode.UNDOING) {
            stopCapturing();
        } else if (mode == Mode.CAPTURING) {
            clear(false, true);
        }
        StackEvent event = push(tx);
        store.forEachItem(tx, tx.deletes, item -> {
            if (isItemInScope(item)) {
                store.keep(item, true);
            }
        });
        tell(event);
    }

    private StackEvent push(Transaction tx) {
        StackEvent.Stack which = mode == Mode.UNDOING ? StackEvent.Stack.REDO : StackEvent.Stack.UNDO;
        List<StackItem> stack = mode == Mode.UNDOING ? redoStack : undoStack;
        long now = clock.getAsLong();
        boolean goesOn =
                mode == Mode.CAPTURING && lastChange > 0 && now - lastChange < captureTimeout && !stack.isEmpty();
        if (mode == Mode.CAPTURING) {
            lastChange = now;
        }
        if (goesOn) {
            StackItem last = stack.get(stack.size() - 1);
            last.append(insertionsOf(tx), tx.deletes);
            return new StackEvent.Updated(last, which, tx.origin(), changed(tx));
        }
        StackItem item = new StackItem(insertionsOf(tx), tx.deletes);
        stack.add(item);
        return new StackEvent.Added(item, which, tx.origin(), changed(tx));
    }

    private static DeleteLog insertionsOf(Transaction tx) {
        DeleteLog insertions = new DeleteLog();
        for (int m = 0; m < tx.movedCount(); m++) {
            int from = tx.movedFrom(m);
            insertions.add(Items.pack(tx.movedClient(m), from), tx.movedTo(m) - from);
        }
        return insertions;
    }

    private Set<YType> changed(Transaction tx) {
        Set<YType> types = new LinkedHashSet<>();
        for (Branch branch : tx.events.keySet()) {
            types.add(doc.handle(branch));
        }
        return types;
    }

    /** Lets the next transaction begin a step of its own, however soon it comes. */
    public void stopCapturing() {
        lastChange = 0;
    }

    // ---- undoing

    /** Undoes the last step that still has an effect; answers it, or null when there was none. */
    public @Nullable StackItem undo() {
        return pop(Mode.UNDOING, undoStack, StackEvent.Stack.UNDO);
    }

    /** Redoes the last undone step that still has an effect; answers it, or null when there was none. */
    public @Nullable StackItem redo() {
        return pop(Mode.REDOING, redoStack, StackEvent.Stack.REDO);
    }

    public boolean canUndo() {
        return !undoStack.isEmpty();
    }

    public boolean canRedo() {
        return !redoStack.isEmpty();
    }

    /** The steps that can be undone, the last one at the end. */
    public List<StackItem> undoStack() {
        return List.copyOf(undoStack);
    }

    /** The steps that can be redone, the last undone one at the end. */
    public List<StackItem> redoStack() {
        return List.copyOf(redoStack);
    }

    private @Nullable StackItem pop(Mode as, List<StackItem> stack, StackEvent.Stack which) {
        mode = as;
        try {
            doc.transact(this, tx -> {
                reverting = tx;
                while (!stack.isEmpty() && popped == null) {
                    StackItem item = stack.remove(stack.size() - 1);
                    popped = revert(tx, item) ? item : null;
                }
                tx.forgetPositions();
            });
            StackItem result = popped;
            if (result != null && reverting != null) {
                tell(new StackEvent.Popped(result, which, changed(reverting)));
            }
            return result;
        } finally {
            popped = null;
            reverting = null;
            mode = Mode.CAPTURING;
        }
    }

    /** Deletes what a step inserted and brings back what it deleted; false when neither did anything. */
    private boolean revert(Transaction tx, StackItem step) {
        List<Integer> inserted = new ArrayList<>();
        store.forEachItem(tx, step.insertions(), item -> {
            int now = store.isRedone(item) ? store.cleanStart(tx, store.followRedone(store.items.id[item])) : item;
            if (!store.items.isDeleted(now) && isItemInScope(now)) {
                inserted.add(now);
            }
        });
        Set<Integer> deleted = new LinkedHashSet<>();
        store.forEachItem(tx, step.deletions(), item -> {
            // What came and went within the step stays away.
            if (isItemInScope(item) && !step.insertions().contains(store.items.id[item])) {
                deleted.add(item);
            }
        });
        boolean effect = false;
        Restorer restorer = new Restorer(
                doc,
                tx,
                deleted,
                id -> step.insertions().contains(id) || isDeletedBy(undoStack, id) || isDeletedBy(redoStack, id),
                ignoreRemoteMapChanges);
        for (int item : deleted) {
            effect |= restorer.restore(item);
        }
        return delete(tx, inserted) || effect;
    }

    private static boolean isDeletedBy(List<StackItem> stack, long id) {
        return stack.stream().anyMatch(item -> item.deletions().contains(id));
    }

    /** Inner ones first, while the filter still sees what is around them. */
    private boolean delete(Transaction tx, List<Integer> inserted) {
        boolean effect = false;
        for (int k = inserted.size() - 1; k >= 0; k--) {
            int item = inserted.get(k);
            if (deletes.test(deletion(item))) {
                store.delete(tx, item);
                effect = true;
            }
        }
        return effect;
    }

    private Deletion deletion(int item) {
        Items items = store.items;
        int key = items.key(item);
        return new Deletion(
                store.publicId(items.id[item]),
                items.len[item],
                doc.handle(store.parent(item)),
                key == Items.NONE ? null : store.keys.name(key),
                items.kind(item) == Items.TYPE ? doc.handle(store.content(item)) : null);
    }

    // ---- forgetting

    /** Forgets all steps. */
    public void clear() {
        clear(true, true);
    }

    /** Forgets the steps of one stack or both, and ends the protection of what they deleted. */
    public void clear(boolean undo, boolean redo) {
        boolean nothing = (!undo || undoStack.isEmpty()) && (!redo || redoStack.isEmpty());
        if (nothing) {
            return;
        }
        doc.transact(null, tx -> {
            if (undo) {
                release(tx, undoStack);
            }
            if (redo) {
                release(tx, redoStack);
            }
            tell(new StackEvent.Cleared(undo, redo));
        });
    }

    private void release(Transaction tx, List<StackItem> stack) {
        for (StackItem step : stack) {
            store.forEachItem(tx, step.deletions(), item -> {
                if (isItemInScope(item)) {
                    store.keep(item, false);
                }
            });
        }
        stack.clear();
    }

    // ---- listeners

    /** Calls the listener whenever a step is added, extended, undone, redone or forgotten. */
    public Registration onStackChange(Consumer<StackEvent> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private void tell(StackEvent event) {
        RuntimeException failure = null;
        for (Consumer<StackEvent> listener : List.copyOf(listeners)) {
            failure = Doc.guarded(failure, () -> listener.accept(event));
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Stops listening to the document. The steps stay, and so does what they keep: call {@link #clear()} before. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            registration.close();
            doc.watch(-1);
        }
    }
}
