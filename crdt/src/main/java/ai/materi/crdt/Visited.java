package ai.materi.crdt;

import java.util.Arrays;

/**
 * The items that a walk to the right has come by, and which was the how-manieth. Most walks never ask: what they came by is
 * entered into the open-addressed index when one does, and the index is emptied by a new stamp.
 */
final class Visited {
    /** A larger index than this is not kept for the next walk. */
    private static final int KEEP = 1 << 17;

    private final Items items;
    private int[] item = new int[32];
    /** Ranks above the stamp of the walk they belong to. */
    private long[] rank = new long[32];

    private int stamp;
    private int entered;
    private int next;

    Visited(Items items) {
        this.items = items;
    }

    /** Begins a walk at an item. */
    void begin(int first) {
        if (rank.length > KEEP) {
            item = new int[32];
            rank = new long[32];
        }
        next = first;
        entered = 0;
        if (++stamp < 0) {
            stamp = 1;
            Arrays.fill(rank, 0);
        }
    }

    /**
     * The rank of an item, 0 for the first; -1 for one that the walk has not come by.
     *
     * @param count how many it has come by
     */
    int rank(int wanted, int count) {
        for (; entered < count; next = items.right[next]) {
            if (entered * 2 >= rank.length) {
                widen();
            }
            int at = slot(next);
            item[at] = next;
            rank[at] = (long) stamp << 32 | entered++;
        }
        int at = slot(wanted);
        return isTaken(at) ? (int) rank[at] : -1;
    }

    private boolean isTaken(int at) {
        return (int) (rank[at] >>> 32) == stamp;
    }

    /** Where the item is, or the free place where it belongs. */
    private int slot(int wanted) {
        int mask = rank.length - 1;
        int at = ((wanted * 0x9E3779B9) >>> 7) & mask;
        while (isTaken(at) && item[at] != wanted) {
            at = (at + 1) & mask;
        }
        return at;
    }

    private void widen() {
        int[] oldItem = item;
        long[] oldRank = rank;
        item = new int[oldItem.length * 2];
        rank = new long[oldRank.length * 2];
        for (int i = 0; i < oldItem.length; i++) {
            if ((int) (oldRank[i] >>> 32) == stamp) {
                int at = slot(oldItem[i]);
                item[at] = oldItem[i];
                rank[at] = oldRank[i];
            }
        }
    }
}
