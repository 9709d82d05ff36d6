package ai.materi.crdt;

import java.util.Arrays;

/**
 * A map of ints that keeps the order in which keys first came, as JavaScript's {@code Map} does; keys are never removed.
 * Up to eight entries are found by looking at each, more by an open-addressed index.
 */
final class IntMap {
    private static final int SCAN = 8;
    private static final int[] NO_INDEX = {};

    private int[] keys = new int[4];
    private int[] values = new int[4];
    private int[] index = NO_INDEX;
    private int size;

    int size() {
        return size;
    }

    int keyAt(int i) {
        return keys[i];
    }

    int valueAt(int i) {
        return values[i];
    }

    void clear() {
        size = 0;
        index = NO_INDEX;
    }

    /** The position of a key, or -1. */
    int find(int key) {
        if (size <= SCAN) {
            for (int i = 0; i < size; i++) {
                if (keys[i] == key) {
                    return i;
                }
            }
            return -1;
        }
        return index[slot(key)] - 1;
    }

    int get(int key, int absent) {
        int i = find(key);
        return i < 0 ? absent : values[i];
    }

    void put(int key, int value) {
        int i = find(key);
        if (i >= 0) {
            values[i] = value;
            return;
        }
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, size * 2);
            values = Arrays.copyOf(values, size * 2);
        }
        keys[size] = key;
        values[size] = value;
        size++;
        if (size > SCAN) {
            enter(key);
        }
    }

    private void enter(int key) {
        if (size * 2 > index.length) {
            index = new int[Integer.highestOneBit(size) * 4];
            for (int i = 0; i < size; i++) {
                index[slot(keys[i])] = i + 1;
            }
        } else {
            index[slot(key)] = size;
        }
    }

    /** Where the key is, or the empty place where it belongs. */
    private int slot(int key) {
        int mask = index.length - 1;
        int at = ((key * 0x9E3779B9) >>> 7) & mask;
        while (index[at] != 0 && keys[index[at] - 1] != key) {
            at = (at + 1) & mask;
        }
        return at;
    }

    long estimatedBytes() {
        return 32 + 4L * (keys.length + values.length + index.length);
    }
}
