package ai.materi.crdt;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * Brings deleted items back. A deletion cannot be taken back, so an item comes again: a copy of its content, under an id
 * of this document's author, where the item was. The item remembers what it came back as, so that what is undone and
 * redone again and again is followed through.
 */
final class Restorer {
    private final Transaction tx;
    private final Store store;
    private final Items items;
    private final Editor editor;
    private final SubDocuments subDocuments;
    private final Set<Integer> wanted;
    private final LongPredicate yields;
    private final boolean overRemoteEntries;

    /**
     * @param wanted all items that are to come back
     * @param yields whether what has this id gives way to the older value of its entry
     * @param overRemoteEntries whether everything does
     */
    Restorer(Doc doc, Transaction tx, Set<Integer> wanted, LongPredicate yields, boolean overRemoteEntries) {
        this.tx = tx;
        this.store = doc.store();
        this.items = store.items;
        this.editor = doc.editor();
        this.subDocuments = doc.subDocumentTable();
        this.wanted = wanted;
        this.yields = yields;
        this.overRemoteEntries = overRemoteEntries;
    }

    /** Brings one back, and first the types around it that are to come back too; false when it has no place any more. */
    boolean restore(int item) {
        if (store.isRedone(item)) {
            store.cleanStart(tx, store.redone(item));
            return true;
        }
        Deque<Integer> outermostFirst = new ArrayDeque<>();
        outermostFirst.addFirst(item);
        int around = store.parent(item).item;
        while (around != Items.NONE && items.isDeleted(around) && !store.isRedone(around)) {
            if (!wanted.contains(around)) {
                return false;
            }
            outermostFirst.addFirst(around);
            around = store.parent(around).item;
        }
        for (int each : outermostFirst) {
            if (!restoreOne(each)) {
                return false;
            }
        }
        return true;
    }

    private boolean restoreOne(int item) {
        int holder = store.parent(item).item;
        if (holder != Items.NONE && items.isDeleted(holder)) {
            holder = latest(holder);
        }
        if (holder != Items.NONE && items.kind(holder) != Items.TYPE) {
            return false;
        }
        Branch parent = holder == Items.NONE ? store.parent(item) : store.content(holder);
        int key = items.key(item);
        if (key == Items.NONE) {
            insert(item, parent, near(items.left[item], parent, true), near(item, parent, false));
            return true;
        }
        int left = leftOfEntry(item, parent);
        if (left != Items.NONE && (items.kind(left) == Items.GC || items.right[left] != Items.NONE)) {
            return false;
        }
        insert(item, parent, left, Items.NONE);
        return true;
    }

    /** What an item is now, the last of all that it came back as. */
    private int latest(int item) {
        int now = item;
        while (store.isRedone(now)) {
            now = store.cleanStart(tx, store.redone(now));
        }
        return now;
    }

    /** The first neighbour, from {@code from} on in one direction, that is in the type or came back in it. */
    private int near(int from, Branch parent, boolean leftwards) {
        for (int n = from; n != Items.NONE; n = leftwards ? items.left[n] : items.right[n]) {
            int trace = n;
            while (trace != Items.NONE && !isIn(trace, parent)) {
                trace = store.isRedone(trace) ? store.cleanStart(tx, store.redone(trace)) : Items.NONE;
            }
            if (trace != Items.NONE) {
                return trace;
            }
        }
        return Items.NONE;
    }

    private boolean isIn(int item, Branch parent) {
        return items.kind(item) != Items.GC && store.parent(item) == parent;
    }

    /** What an entry's value comes back after; an item that is not the last one when a stranger's value is in the way. */
    private int leftOfEntry(int item, Branch parent) {
        int left = parent.entry(items.key(item));
        if (items.right[item] != Items.NONE && !overRemoteEntries) {
            left = item;
            while (items.right[left] != Items.NONE && givesWay(items.right[left])) {
                left = latest(items.right[left]);
            }
            if (items.right[left] != Items.NONE) {
                return left;
            }
        }
        boolean elsewhere = left != Items.NONE && items.kind(left) != Items.GC && store.parent(left) != parent;
        return elsewhere ? parent.entry(items.key(item)) : left;
    }

    private boolean givesWay(int item) {
        return store.isRedone(item) || yields.test(items.id[item]);
    }

    private void insert(int item, Branch parent, int left, int right) {
        int kind = items.kind(item);
        int copy = editor.prepare(parent, left, right, items.key(item), kind, items.len[item]);
        copyContent(item, copy, kind);
        store.setRedone(item, items.id[copy]);
        store.keep(copy, true);
        store.integrate(tx, copy);
    }

    private void copyContent(int item, int copy, int kind) {
        if (kind == Items.TYPE) {
            Branch branch = store.content(item);
            items.at[copy] = store.newBranch(branch.kind, null, branch.nodeName).index;
        } else if (kind == Items.FORMAT) {
            items.at[copy] = store.formats.add(store.formats.get(items.at[item]));
        } else if (Items.isInArena(kind)) {
            items.at[copy] = store.arena.add(store.arena.buf, items.at[item], items.size(item));
            items.setSize(copy, items.size(item));
            items.set(copy, Items.LONE, items.has(item, Items.LONE));
        }
        if (kind == Items.DOC) {
            ByteReader in = store.arena.reader(items.at[copy], items.size(copy));
            subDocuments.add(tx, items.id[copy], SubDocument.read(in));
        }
    }
}
