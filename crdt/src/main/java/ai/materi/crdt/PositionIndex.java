package ai.materi.crdt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the item at an index, the index of an item, and the formatting in force after an item, in amortised logarithmic
 * time.
 *
 * <p>It is an order-statistic tree over a sequence's list of items. Up to {@value #ROWS} neighbours make a <i>chunk</i>; a
 * chunk is a node of a splay tree (Sleator, Tarjan: "Self-Adjusting Binary Search Trees", JACM 1985), in which what was
 * used last is at the root, so that editing in one place touches few nodes. Each node counts, for itself and for all below
 * it:
 *
 * <ul>
 *   <li>its items, which orders them;
 *   <li>its visible units, which positions count;
 *   <li>its <i>breaks</i>: items that do not go on where their left neighbour ends. {@link Markers} has to walk, as yjs does,
 *       from an item to the break before it, and would visit every item of a text that one author typed;
 *   <li>which formats it holds, as a set of bits, one a name of a format.
 * </ul>
 *
 * <p>A sequence has none until somebody walked far in it: what is only relayed or stored never pays for it. From then on it
 * follows every change, until the sequence is collected or an update brings so much that building anew is cheaper. All
 * sequences of a document share the columns; {@link Branch#chunks} is the root of its tree.
 */
final class PositionIndex {
    /** How far to walk from a near place in a sequence with an index before it is asked. */
    private static final int NEAR = 64;
    /** How far to walk in a sequence without one before it is built. */
    private static final int FAR = 512;

    /** The most items of a chunk. */
    private static final int ROWS = 128;

    private static final int NONE = Items.NONE;
    /** The bit of the first name that has none of its own; from then on formatting is found by walking. */
    private static final int SHARED = 63;

    private final Store store;
    private final Items items;
    private final int near;
    private final int far;
    private final int rowsOfChunk;
    private final Map<String, Integer> bits = new HashMap<>(0);

    /** The chunk of an item. */
    private int[] chunk = {};

    private int[] head = {};
    private int[] up = {};
    private int[] before = {};
    private int[] after = {};
    private int[] rows = {};
    private int[] units = {};
    private int[] breaks = {};
    private long[] formats = {};
    private int[] allRows = {};
    private int[] allUnits = {};
    private int[] allBreaks = {};
    private long[] allFormats = {};
    private int top;
    private int free = NONE;

    private int offset;

    PositionIndex(Store store) {
        this(store, NEAR, FAR, ROWS);
    }

    /**
     * @param near as {@link #NEAR}
     * @param far as {@link #FAR}
     * @param rows as {@link #ROWS}, at least 2
     */
    PositionIndex(Store store, int near, int far, int rows) {
        this.store = store;
        this.items = store.items;
        this.near = near;
        this.far = far;
        this.rowsOfChunk = rows;
    }

    /** An index of nothing. */
    PositionIndex emptied() {
        return new PositionIndex(store, near, far, rowsOfChunk);
    }

    // ---- asking

    /** How many items to visit from a near place before it pays to ask here. */
    int patience(Branch branch) {
        return branch.chunks == NONE ? far : near;
    }

    /** Builds the index of a sequence that has items and no index. */
    private void require(Branch branch) {
        if (branch.chunks == NONE) {
            build(branch);
        }
    }

    /** The item that holds a unit below the sequence's length; {@link #offset()} is where in it. */
    int itemAt(Branch branch, int unit) {
        if (branch.chunks == NONE) {
            int rest = unit;
            int i = branch.start;
            for (int steps = far; i != NONE && steps > 0; i = items.right[i], steps--) {
                if (items.isVisible(i)) {
                    if (rest < items.len[i]) {
                        offset = rest;
                        return i;
                    }
                    rest -= items.len[i];
                }
            }
            build(branch);
        }
        return descend(branch, unit);
    }

    /** Where in its item the unit is that {@link #itemAt} found. */
    int offset() {
        return offset;
    }

    /** The item that ends with the unit before an index above 0; cut there when it goes on. */
    int itemEnding(Transaction tx, Branch branch, int index) {
        int item = itemAt(branch, index - 1);
        int end = offset + 1;
        if (end < items.len[item]) {
            store.cleanStart(tx, items.id[item] + end);
        }
        return item;
    }

    private int descend(Branch branch, int unit) {
        int rest = unit;
        int n = branch.chunks;
        while (true) {
            int left = unitsOf(before[n]);
            if (rest < left) {
                n = before[n];
            } else if (rest < left + units[n]) {
                rest -= left;
                break;
            } else {
                rest -= left + units[n];
                n = after[n];
            }
        }
        splay(branch, n);
        int i = head[n];
        while (!items.isVisible(i) || rest >= items.len[i]) {
            rest -= visibleUnits(i);
            i = items.right[i];
        }
        offset = rest;
        return i;
    }

    /** How many visible units lie before an item of the sequence. */
    int unitsBefore(Branch branch, int item) {
        if (branch.chunks == NONE) {
            int count = 0;
            int i = items.left[item];
            for (int steps = far; i != NONE && steps > 0; i = items.left[i], steps--) {
                count += visibleUnits(i);
            }
            if (i == NONE) {
                return count;
            }
            build(branch);
        }
        int n = chunk[item];
        splay(branch, n);
        int count = unitsOf(before[n]);
        for (int i = head[n]; i != item; i = items.right[i]) {
            count += visibleUnits(i);
        }
        return count;
    }

    private int visibleUnits(int i) {
        return items.isVisible(i) ? items.len[i] : 0;
    }

    /** The last item of a sequence that has any. */
    int last(Branch branch) {
        if (branch.chunks == NONE) {
            int i = branch.start;
            for (int steps = far; items.right[i] != NONE && steps > 0; steps--) {
                i = items.right[i];
            }
            if (items.right[i] == NONE) {
                return i;
            }
            build(branch);
        }
        int n = branch.chunks;
        while (after[n] != NONE) {
            n = after[n];
        }
        splay(branch, n);
        return lastOf(n);
    }

    /** The last item, this one or before it, that does not go on where its left neighbour ends. */
    int breakBefore(Branch branch, int item) {
        require(branch);
        int n = chunk[item];
        int found = breakIn(n, item);
        if (found != NONE) {
            return found;
        }
        splay(branch, n);
        n = before[n];
        while (breaksOf(after[n]) > 0 || breaks[n] == 0) {
            n = breaksOf(after[n]) > 0 ? after[n] : before[n];
        }
        splay(branch, n);
        return breakIn(n, lastOf(n));
    }

    /** The last break of a chunk up to an item of it, or none. */
    private int breakIn(int n, int item) {
        int i = item;
        while (!isBreak(i)) {
            if (i == head[n]) {
                return NONE;
            }
            i = items.left[i];
        }
        return i;
    }

    private boolean isBreak(int i) {
        int left = items.left[i];
        return left == NONE || !items.touches(left, i);
    }

    private int lastOf(int n) {
        int i = head[n];
        for (int k = 1; k < rows[n]; k++) {
            i = items.right[i];
        }
        return i;
    }

    // ---- formatting

    /**
     * The formatting that a walk from one item to another, both included, ends with, in the order in which it meets it;
     * null when it has to be found by that walk. A walk begins at the start, or, as in yjs, at a marker in text that was
     * received before anybody here asked for it as text.
     */
    @Nullable
    Map<String, @Nullable Object> formatting(Branch branch, int first, int item) {
        require(branch);
        long set = allFormats[branch.chunks];
        if (set == 0) {
            return Map.of();
        }
        if ((set & 1L << SHARED) != 0) {
            return null;
        }
        List<InForce> found = new ArrayList<>();
        int from = ordinal(branch, first);
        for (; set != 0; set &= set - 1) {
            InForce format = inForce(branch, Long.numberOfTrailingZeros(set), from, item);
            if (format != null) {
                found.add(format);
            }
        }
        found.sort((a, b) -> Integer.compare(a.since, b.since));
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        found.forEach(format -> out.put(format.content.key(), format.content.value()));
        return out;
    }

    /** @param since the ordinal of the item with which the name came into force */
    private record InForce(FormatContent content, int since) {}

    /** @param from the ordinal before which nothing counts */
    private @Nullable InForce inForce(Branch branch, int bit, int from, int item) {
        FormatContent content = null;
        int since = from;
        int i = item;
        while (i != NONE) {
            i = formatBefore(branch, bit, i);
            if (i == NONE || format(i).value() == null) {
                break;
            }
            int ordinal = ordinal(branch, i);
            if (ordinal < from) {
                break;
            }
            content = content == null ? format(i) : content;
            since = ordinal;
            i = items.left[i];
        }
        return content == null ? null : new InForce(content, since);
    }

    private FormatContent format(int item) {
        return store.formats.get(items.at[item]);
    }

    private int ordinal(Branch branch, int item) {
        int n = chunk[item];
        splay(branch, n);
        int count = before[n] == NONE ? 0 : allRows[before[n]];
        for (int i = head[n]; i != item; i = items.right[i]) {
            count++;
        }
        return count;
    }

    /** The last format of a name, this item or before it, or none. */
    private int formatBefore(Branch branch, int bit, int item) {
        long wanted = 1L << bit;
        int n = chunk[item];
        int found = (formats[n] & wanted) == 0 ? NONE : formatIn(n, wanted, item);
        if (found != NONE) {
            return found;
        }
        splay(branch, n);
        n = before[n];
        if ((formatsOf(n) & wanted) == 0) {
            return NONE;
        }
        while ((formatsOf(after[n]) & wanted) != 0 || (formats[n] & wanted) == 0) {
            n = (formatsOf(after[n]) & wanted) != 0 ? after[n] : before[n];
        }
        splay(branch, n);
        return formatIn(n, wanted, lastOf(n));
    }

    private int formatIn(int n, long wanted, int item) {
        int i = item;
        while ((formatBit(i) & wanted) == 0) {
            if (i == head[n]) {
                return NONE;
            }
            i = items.left[i];
        }
        return i;
    }

    /** The bit of a format in force; 0 for any other item. */
    private long formatBit(int item) {
        if (items.kind(item) != Items.FORMAT || items.isDeleted(item)) {
            return 0;
        }
        return 1L << bits.computeIfAbsent(format(item).key(), name -> Math.min(SHARED, bits.size()));
    }

    // ---- following

    /** An item was linked into the sequence. */
    void inserted(Branch branch, int item) {
        int left = items.left[item];
        int right = items.right[item];
        int n = chunk[left == NONE ? right : left];
        if (left == NONE) {
            head[n] = item;
        }
        join(item, n);
        rows[n]++;
        units[n] += visibleUnits(item);
        breaks[n] += isBreak(item) ? 1 : 0;
        formats[n] |= formatBit(item);
        changed(branch, n);
        if (right != NONE) {
            int change = (items.touches(item, right) ? 0 : 1) - (left != NONE && items.touches(left, right) ? 0 : 1);
            if (change != 0) {
                breaks[chunk[right]] += change;
                changed(branch, chunk[right]);
            }
        }
        halveIfLarge(branch, n);
    }

    /** An item, in whose chunk it now is, was cut, and its right part linked behind it. */
    void split(Branch branch, int left, int right) {
        int n = chunk[left];
        join(right, n);
        rows[n]++;
        changed(branch, n);
        halveIfLarge(branch, n);
    }

    /** An item was deleted: it counted before, or was a format. */
    void deleted(Branch branch, int item) {
        int n = chunk[item];
        if (items.kind(item) == Items.FORMAT) {
            formats[n] = formatsIn(n);
        } else {
            units[n] -= items.len[item];
        }
        changed(branch, n);
    }

    /** {@code right} is about to merge into {@code left}, its neighbour. */
    void merged(Branch branch, int left, int right) {
        int to = chunk[left];
        int from = chunk[right];
        rows[from]--;
        if (to != from) {
            int moved = visibleUnits(right);
            units[to] += moved;
            units[from] -= moved;
            changed(branch, to);
            if (rows[from] == 0) {
                remove(branch, from);
                return;
            }
            head[from] = items.right[right];
        }
        changed(branch, from);
    }

    /** Forgets the index of a sequence. */
    void drop(Branch branch) {
        if (branch.chunks == NONE) {
            return;
        }
        int last = NONE;
        for (int i = branch.start; i != NONE; i = items.right[i]) {
            if (chunk[i] != last) {
                last = chunk[i];
                release(last);
            }
        }
        branch.chunks = NONE;
    }

    /** Whether no sequence has an index. */
    boolean isEmpty() {
        return top == 0;
    }

    long estimatedBytes() {
        return 4L * chunk.length + 60L * head.length;
    }

    // ---- chunks

    private void build(Branch branch) {
        int root = NONE;
        int i = branch.start;
        while (i != NONE) {
            int n = allocate(i);
            i = fill(n, rowsOfChunk / 2);
            before[n] = root;
            if (root != NONE) {
                up[root] = n;
            }
            sum(n);
            root = n;
        }
        branch.chunks = root;
    }

    /** Takes up to so many items, from the head on, into a chunk; answers the one after them. */
    private int fill(int n, int most) {
        int i = head[n];
        int count = 0;
        for (; i != NONE && count < most; i = items.right[i], count++) {
            join(i, n);
            units[n] += visibleUnits(i);
            breaks[n] += isBreak(i) ? 1 : 0;
            formats[n] |= formatBit(i);
        }
        rows[n] = count;
        return i;
    }

    private void join(int item, int n) {
        if (item >= chunk.length) {
            chunk = Arrays.copyOf(chunk, Math.max(items.top(), item + 1 + (item >> 2)));
        }
        chunk[item] = n;
    }

    private void halveIfLarge(Branch branch, int n) {
        if (rows[n] <= rowsOfChunk) {
            return;
        }
        int middle = head[n];
        for (int k = rowsOfChunk / 2; k > 0; k--) {
            middle = items.right[middle];
        }
        int m = allocate(middle);
        fill(m, rows[n] - rowsOfChunk / 2);
        rows[n] -= rows[m];
        units[n] -= units[m];
        breaks[n] -= breaks[m];
        formats[n] = formatsIn(n);
        splay(branch, n);
        int rest = after[n];
        after[n] = NONE;
        sum(n);
        before[m] = n;
        up[n] = m;
        after[m] = rest;
        if (rest != NONE) {
            up[rest] = m;
        }
        sum(m);
        branch.chunks = m;
    }

    private long formatsIn(int n) {
        long set = 0;
        int i = head[n];
        for (int k = rows[n]; k > 0; k--) {
            set |= formatBit(i);
            i = items.right[i];
        }
        return set;
    }

    private void remove(Branch branch, int n) {
        splay(branch, n);
        int left = before[n];
        int right = after[n];
        release(n);
        if (right != NONE) {
            up[right] = NONE;
        }
        if (left == NONE) {
            branch.chunks = right;
            return;
        }
        up[left] = NONE;
        int last = left;
        while (after[last] != NONE) {
            last = after[last];
        }
        splay(branch, last);
        after[last] = right;
        if (right != NONE) {
            up[right] = last;
        }
        sum(last);
    }

    private int allocate(int item) {
        int n = free;
        if (n != NONE) {
            free = up[n];
        } else {
            n = top++;
            if (n == head.length) {
                resize(Math.max(4, n + (n >> 1)));
            }
        }
        head[n] = item;
        up[n] = NONE;
        before[n] = NONE;
        after[n] = NONE;
        rows[n] = 0;
        units[n] = 0;
        breaks[n] = 0;
        formats[n] = 0;
        return n;
    }

    private void release(int n) {
        up[n] = free;
        free = n;
    }

    private void resize(int capacity) {
        head = Arrays.copyOf(head, capacity);
        up = Arrays.copyOf(up, capacity);
        before = Arrays.copyOf(before, capacity);
        after = Arrays.copyOf(after, capacity);
        rows = Arrays.copyOf(rows, capacity);
        units = Arrays.copyOf(units, capacity);
        breaks = Arrays.copyOf(breaks, capacity);
        formats = Arrays.copyOf(formats, capacity);
        allRows = Arrays.copyOf(allRows, capacity);
        allUnits = Arrays.copyOf(allUnits, capacity);
        allBreaks = Arrays.copyOf(allBreaks, capacity);
        allFormats = Arrays.copyOf(allFormats, capacity);
    }

    // ---- the tree

    private int unitsOf(int n) {
        return n == NONE ? 0 : allUnits[n];
    }

    private int breaksOf(int n) {
        return n == NONE ? 0 : allBreaks[n];
    }

    private long formatsOf(int n) {
        return n == NONE ? 0 : allFormats[n];
    }

    /** A chunk's own numbers changed. */
    private void changed(Branch branch, int n) {
        splay(branch, n);
        sum(n);
    }

    private void sum(int n) {
        int l = before[n];
        int r = after[n];
        allRows[n] = rows[n] + (l == NONE ? 0 : allRows[l]) + (r == NONE ? 0 : allRows[r]);
        allUnits[n] = units[n] + unitsOf(l) + unitsOf(r);
        allBreaks[n] = breaks[n] + breaksOf(l) + breaksOf(r);
        allFormats[n] = formats[n] | formatsOf(l) | formatsOf(r);
    }

    /** Turns the tree until the node is its root. */
    private void splay(Branch branch, int n) {
        while (up[n] != NONE) {
            int parent = up[n];
            int grandparent = up[parent];
            if (grandparent != NONE) {
                boolean sameSide = (before[grandparent] == parent) == (before[parent] == n);
                rotate(sameSide ? parent : n);
            }
            rotate(n);
        }
        branch.chunks = n;
    }

    /** Puts a node in the place of its parent, which becomes its child. */
    private void rotate(int n) {
        int parent = up[n];
        int grandparent = up[parent];
        int inner;
        if (before[parent] == n) {
            inner = after[n];
            before[parent] = inner;
            after[n] = parent;
        } else {
            inner = before[n];
            after[parent] = inner;
            before[n] = parent;
        }
        if (inner != NONE) {
            up[inner] = parent;
        }
        up[parent] = n;
        up[n] = grandparent;
        if (grandparent != NONE) {
            if (before[grandparent] == parent) {
                before[grandparent] = n;
            } else {
                after[grandparent] = n;
            }
        }
        sum(parent);
        sum(n);
    }
}
