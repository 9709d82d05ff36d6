package ai.materi.crdt;

import java.util.Arrays;

/**
 * The items that a walk has come by, and which was the how-manieth. Most walks never ask: what was visited is entered into
 * the open-addressed index when somebody does, and the index is emptied by a new stamp.
 */
final class Visited {
    /** A longer walk than this leaves nothing behind. */
    private static final int KEEP = 1 << 16;

    private int[] list = new int[16];
    private int count;
    private int entered;
    /** Ranks above the stamp of the walk they belong to. */
    private long[] index = new long[32];

    private int stamp;

    void begin() {
        if (list.length > KEEP) {
            list = new int[16];
            index = new long[32];
        }
        count = 0;
        entered = 0;
        if (++stamp < 0) {
            stamp = 1;
            Arrays.fill(index, 0);
        }
    }

    int count() {
        return count;
    }

    void add(int item) {
        if (count == list.length) {
            list = Arrays.copyOf(list, count * 2);
        }
        list[count++] = item;
    }

    /** The rank of an item, 0 for the first; -1 for one that the walk has not come by. */
    int rank(int item) {
        if (count * 2 > index.length) {
            index = new long[list.length * 2];
            entered = 0;
        }
        while (entered < count) {
            index[slot(list[entered])] = (long) stamp << 32 | entered++;
        }
        long found = index[slot(item)];
        return (int) (found >>> 32) == stamp ? (int) found : -1;
    }

    /** Where the item is, or the free place where it belongs. */
    private int slot(int item) {
        int mask = index.length - 1;
        int at = ((item * 0x9E3779B9) >>> 7) & mask;
        while ((int) (index[at] >>> 32) == stamp && list[(int) index[at]] != item) {
            at = (at + 1) & mask;
        }
        return at;
    }
}
