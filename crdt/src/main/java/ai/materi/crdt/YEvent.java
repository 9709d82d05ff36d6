package ai.materi.crdt;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction changed in one shared type. What it says is computed when it is first asked for, and that must be
 * while listeners are told: afterwards the deleted content is gone and asking throws {@link IllegalStateException}; what
 * was computed by then stays. As in yjs, asking a text for its delta may delete formatting that became redundant, as a
 * transaction of its own.
 */
public final class YEvent {
    /**
     * All that changed.
     *
     * @param delta see {@link YEvent#delta()}
     * @param keys see {@link YEvent#keys()}
     */
    public record Changes(List<Delta> delta, Map<String, KeyChange> keys) {}

    private final Doc doc;
    private final Store store;
    private final Transaction tx;
    private final Transaction.Change change;
    private final YType target;
    private Branch seenFrom;
    private @Nullable List<Object> path;
    private @Nullable Map<String, KeyChange> keys;
    private @Nullable List<Delta> delta;

    YEvent(Doc doc, Transaction tx, Transaction.Change change) {
        this.doc = doc;
        this.store = doc.store();
        this.tx = tx;
        this.change = change;
        this.target = doc.handle(change.branch);
        this.seenFrom = change.branch;
    }

    Branch branch() {
        return change.branch;
    }

    /** From now on the path is the one from this type. */
    void seenFrom(Branch branch) {
        seenFrom = branch;
        path = null;
    }

    /** The type that changed. */
    public YType target() {
        return target;
    }

    /** The type whose observers are being told: the target itself, or one around it. */
    public YType currentTarget() {
        return doc.handle(seenFrom);
    }

    /** The transaction that changed it. */
    public Transaction transaction() {
        return tx;
    }

    /**
     * How to get from {@link #currentTarget()} to the target: a {@code String} for a key, an {@code Integer} for an index.
     * Empty when they are the same.
     */
    public List<Object> path() {
        if (path == null) {
            requireTelling();
            List<Object> steps = new ArrayList<>();
            for (Branch b = change.branch; b != seenFrom && !b.isRoot(); b = store.parent(b.item)) {
                int key = store.items.key(b.item);
                steps.add(key == Items.NONE ? indexOf(b.item) : store.keys.name(key));
            }
            Collections.reverse(steps);
            path = Collections.unmodifiableList(steps);
        }
        return path;
    }

    /** How long the path is. */
    int depth() {
        int depth = 0;
        for (Branch b = change.branch; b != seenFrom && !b.isRoot(); b = store.parent(b.item)) {
            depth++;
        }
        return depth;
    }

    private Object indexOf(int item) {
        return store.positions.unitsBefore(store.parent(item), item);
    }

    private void requireTelling() {
        if (tx.told) {
            throw new IllegalStateException("an event is to be asked while it is told: the deleted content is gone");
        }
    }

    /** The keys whose entries or attributes are others than before, in the order in which they first changed. */
    public Map<String, KeyChange> keys() {
        if (keys == null) {
            requireTelling();
            Map<String, KeyChange> found = new LinkedHashMap<>();
            IntMap changed = change.keys;
            for (int k = 0; changed != null && k < changed.size(); k++) {
                KeyChange one = changeOf(change.branch.entry(changed.keyAt(k)));
                if (one != null) {
                    found.put(store.keys.name(changed.keyAt(k)), one);
                }
            }
            keys = Collections.unmodifiableMap(found);
        }
        return keys;
    }

    /** What happened to the entry whose last item this is; null when it is as before. */
    private @Nullable KeyChange changeOf(int item) {
        if (!adds(item)) {
            return deletes(item) ? replaced(KeyChange.Action.DELETE, item) : null;
        }
        int before = store.items.left[item];
        while (before != Items.NONE && adds(before)) {
            before = store.items.left[before];
        }
        boolean had = before != Items.NONE && deletes(before);
        if (deletes(item)) {
            return had ? replaced(KeyChange.Action.DELETE, before) : null;
        }
        return had ? replaced(KeyChange.Action.UPDATE, before) : new KeyChange(KeyChange.Action.ADD, null);
    }

    private KeyChange replaced(KeyChange.Action action, int item) {
        return new KeyChange(action, doc.values().last(item));
    }

    /**
     * The change of the sequence, from its start on; what follows the last step is unchanged. In a text, an insertion is a
     * {@code String}, an embed or a type, with its formatting; in an array and among XML children it is the {@code List}
     * of the inserted values. Empty for a map.
     */
    public List<Delta> delta() {
        if (delta == null) {
            requireTelling();
            delta = Collections.unmodifiableList(
                    change.branch.isText() ? new TextDelta(doc, this).read() : new SequenceDelta(doc, this).read());
        }
        return delta;
    }

    /** {@link #delta()} and {@link #keys()}. */
    public Changes changes() {
        Map<String, KeyChange> entries = keys();
        return new Changes(delta(), entries);
    }

    boolean changesSequence() {
        return change.sequence;
    }

    /** Whether the item came with the transaction, even if it went with it too. */
    boolean adds(int item) {
        return !tx.existedBefore(store.items.id[item]);
    }

    /** Whether the transaction deleted the item, even if it had inserted it too. */
    boolean deletes(int item) {
        return tx.deletes.contains(store.items.id[item]);
    }
}
