package ai.materi.crdt;

/**
 * Remembered positions in a sequence: up to 80 items with the index of their first unit, so that a local edit walks from
 * a near one.
 *
 * <p>They follow yjs to the letter, the order of replacement and the marks that go stale included, because where a walk
 * begins decides on which side of deleted content an insertion falls, and that is seen in the bytes of the update. An
 * order-statistic index may answer the same questions faster one day; it would have to give the same answers.
 */
final class Markers {
    private static final int MAX = 80;

    private int size;
    private int[] item = {};
    private int[] index = {};
    private long[] time = {};
    private long ticks;

    int item(int m) {
        return item[m];
    }

    int index(int m) {
        return index[m];
    }

    void clear() {
        size = 0;
    }

    /** The marker with the highest index, or -1. */
    int highest() {
        int best = -1;
        for (int m = 0; m < size; m++) {
            if (index[m] > (best < 0 ? 0 : index[best])) {
                best = m;
            }
        }
        return best;
    }

    /** Finds, or makes, the marker to walk from towards {@code target}; -1 when the walk begins at the start. */
    int find(Items items, Branch parent, int target) {
        if (parent.start == Items.NONE || target == 0) {
            return -1;
        }
        int near = nearest(target);
        int p = parent.start;
        int at = 0;
        if (near >= 0) {
            p = item[near];
            at = index[near];
            time[near] = ticks++;
        }
        while (items.right[p] != Items.NONE && at < target) {
            if (items.isVisible(p)) {
                if (target < at + items.len[p]) {
                    break;
                }
                at += items.len[p];
            }
            p = items.right[p];
        }
        while (items.left[p] != Items.NONE && at > target) {
            p = items.left[p];
            at -= items.isVisible(p) ? items.len[p] : 0;
        }
        while (items.left[p] != Items.NONE && touches(items, items.left[p], p)) {
            p = items.left[p];
            at -= items.isVisible(p) ? items.len[p] : 0;
        }
        if (near >= 0 && (long) Math.abs(index[near] - at) * MAX < parent.length) {
            overwrite(items, near, p, at);
            return near;
        }
        return mark(items, p, at);
    }

    /** The left neighbour may merge with the item, which would carry the marker off. */
    private static boolean touches(Items items, int left, int p) {
        return items.id[left] + items.len[left] == items.id[p];
    }

    private int nearest(int target) {
        if (size == 0) {
            return -1;
        }
        int best = 0;
        int distance = Math.abs(target - index[0]);
        for (int m = 1; m < size; m++) {
            int d = Math.abs(target - index[m]);
            if (d <= distance) {
                best = m;
                distance = d;
            }
        }
        return best;
    }

    private void overwrite(Items items, int m, int p, int at) {
        items.set(item[m], Items.MARKED, false);
        items.set(p, Items.MARKED, true);
        item[m] = p;
        index[m] = at;
        time[m] = ticks++;
    }

    private int mark(Items items, int p, int at) {
        if (size >= MAX) {
            int oldest = 0;
            for (int m = 1; m < size; m++) {
                oldest = time[oldest] < time[m] ? oldest : m;
            }
            overwrite(items, oldest, p, at);
            return oldest;
        }
        if (size == item.length) {
            int capacity = size == 0 ? 4 : Math.min(MAX, size * 2);
            item = java.util.Arrays.copyOf(item, capacity);
            index = java.util.Arrays.copyOf(index, capacity);
            time = java.util.Arrays.copyOf(time, capacity);
        }
        items.set(p, Items.MARKED, true);
        item[size] = p;
        index[size] = at;
        time[size] = ticks++;
        return size++;
    }

    /** Content of {@code length} units came at {@code at}, or left when negative. */
    void shift(Items items, int at, int length) {
        for (int m = size - 1; m >= 0; m--) {
            if (length > 0 && !settle(items, m)) {
                continue;
            }
            if (at < index[m] || (length > 0 && at == index[m])) {
                index[m] = Math.max(at, index[m] + length);
            }
        }
    }

    /** Moves a marker to visible content on its left; false when it had to go. */
    private boolean settle(Items items, int m) {
        int p = item[m];
        items.set(p, Items.MARKED, false);
        while (p != Items.NONE && !items.isVisible(p)) {
            p = items.left[p];
            if (p != Items.NONE && items.isVisible(p)) {
                index[m] -= items.len[p];
            }
        }
        if (p == Items.NONE || items.has(p, Items.MARKED)) {
            remove(m);
            return false;
        }
        item[m] = p;
        items.set(p, Items.MARKED, true);
        return true;
    }

    private void remove(int m) {
        int after = size - m - 1;
        System.arraycopy(item, m + 1, item, m, after);
        System.arraycopy(index, m + 1, index, m, after);
        System.arraycopy(time, m + 1, time, m, after);
        size--;
    }

    /** {@code right} is about to merge into {@code left}, its neighbour. */
    void merged(Items items, int left, int right) {
        for (int m = 0; m < size; m++) {
            if (item[m] == right) {
                item[m] = left;
                index[m] -= items.isVisible(left) ? items.len[left] : 0;
            }
        }
    }
}
