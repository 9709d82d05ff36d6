package ai.materi.crdt;

/**
 * Remembered positions in a sequence: up to 80 items with the index of their first unit, so that a local edit walks from
 * a near one.
 *
 * <p>They follow yjs to the letter, the order of replacement and the marks that go stale included, because where a walk
 * begins decides on which side of deleted content an insertion falls, and that is seen in the bytes of the update. Where a
 * walk gets long, the {@link PositionIndex} answers what it would have come to.
 */
final class Markers {
    private static final int MAX = 80;

    private int size;
    private int[] item = {};
    private int[] index = {};
    private long[] time = {};
    private long ticks;
    /** Where a search has come to, and the index of its first unit. */
    private int foundItem;

    private int foundIndex;

    int item(int m) {
        return item[m];
    }

    int index(int m) {
        return index[m];
    }

    void clear() {
        size = 0;
    }

    /** Finds, or makes, the marker to walk from towards {@code target}; -1 when the walk begins at the start. */
    int find(Store store, Branch parent, int target) {
        if (parent.start == Items.NONE || target == 0) {
            return -1;
        }
        int near = nearest(target);
        foundItem = parent.start;
        foundIndex = 0;
        if (near >= 0) {
            foundItem = item[near];
            foundIndex = index[near];
            time[near] = ticks++;
        }
        if (foundIndex < target) {
            goRight(store, parent, target);
        } else {
            goLeft(store, parent, target);
        }
        goToBreak(store, parent);
        Items items = store.items;
        if (near >= 0 && (long) Math.abs(index[near] - foundIndex) * MAX < parent.length) {
            overwrite(items, near, foundItem, foundIndex);
            return near;
        }
        return mark(items, foundItem, foundIndex);
    }

    /** To the item around the target, or to what follows the one that ends there. */
    private void goRight(Store store, Branch parent, int target) {
        Items items = store.items;
        int p = foundItem;
        int at = foundIndex;
        for (int steps = store.positions.patience(parent); items.right[p] != Items.NONE && at < target; steps--) {
            if (steps == 0) {
                p = store.positions.itemAt(parent, target - 1);
                at = target - 1 - store.positions.offset();
                continue;
            }
            if (items.isVisible(p)) {
                if (target < at + items.len[p]) {
                    break;
                }
                at += items.len[p];
            }
            p = items.right[p];
        }
        foundItem = p;
        foundIndex = at;
    }

    /** To the item that holds the target. */
    private void goLeft(Store store, Branch parent, int target) {
        Items items = store.items;
        int p = foundItem;
        int at = foundIndex;
        for (int steps = store.positions.patience(parent); items.left[p] != Items.NONE && at > target; steps--) {
            if (steps == 0) {
                p = store.positions.itemAt(parent, target);
                at = target - store.positions.offset();
                break;
            }
            p = items.left[p];
            at -= items.isVisible(p) ? items.len[p] : 0;
        }
        foundItem = p;
        foundIndex = at;
    }

    /** On to the left, past items whose left neighbours may merge with them, which would carry the marker off. */
    private void goToBreak(Store store, Branch parent) {
        Items items = store.items;
        int p = foundItem;
        int at = foundIndex;
        for (int steps = store.positions.patience(parent);
                items.left[p] != Items.NONE && items.touches(items.left[p], p);
                steps--) {
            if (steps == 0) {
                p = store.positions.breakBefore(parent, p);
                at = store.positions.unitsBefore(parent, p);
                break;
            }
            p = items.left[p];
            at -= items.isVisible(p) ? items.len[p] : 0;
        }
        foundItem = p;
        foundIndex = at;
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
