package ai.materi.crdt;

import java.util.Arrays;

/**
 * Ranges of units, deleted ones mostly, as a transaction gathers them: packed first ids and lengths, sorted and merged at
 * its end.
 */
final class DeleteLog {
    long[] from = new long[4];
    int[] len = new int[4];
    int size;

    /** The clients in the order in which they first came: yjs cleans up in this order, and it shows. */
    private final IntMap clients = new IntMap();

    private int lastClient = -1;

    void add(long id, int length) {
        if (Items.client(id) != lastClient) {
            lastClient = Items.client(id);
            clients.put(lastClient, 0);
        }
        if (size == from.length) {
            from = Arrays.copyOf(from, size * 2);
            len = Arrays.copyOf(len, size * 2);
        }
        from[size] = id;
        len[size++] = length;
    }

    /** The ranges of two sorted logs as one. */
    static DeleteLog union(DeleteLog a, DeleteLog b) {
        DeleteLog out = new DeleteLog();
        out.addAll(a);
        out.addAll(b);
        out.sortAndMerge();
        return out;
    }

    private void addAll(DeleteLog log) {
        for (int c = 0; c < log.clients(); c++) {
            int client = log.client(c);
            for (int d = log.firstOf(client); d < log.size && Items.client(log.from[d]) == client; d++) {
                add(log.from[d], log.len[d]);
            }
        }
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** After this, ranges are in the order of client index and clock, and none touch. */
    void sortAndMerge() {
        if (size < 2) {
            return;
        }
        if (!isSorted()) {
            sort();
        }
        int out = 0;
        for (int i = 1; i < size; i++) {
            long end = from[out] + len[out];
            if (end >= from[i] && Items.client(from[out]) == Items.client(from[i])) {
                len[out] = (int) (Math.max(end, from[i] + len[i]) - from[out]);
            } else {
                out++;
                from[out] = from[i];
                len[out] = len[i];
            }
        }
        size = out + 1;
    }

    private boolean isSorted() {
        for (int i = 1; i < size; i++) {
            if (from[i - 1] > from[i]) {
                return false;
            }
        }
        return true;
    }

    /** A bottom-up merge sort of the two columns. */
    private void sort() {
        long[] f = from;
        int[] l = len;
        long[] f2 = new long[f.length];
        int[] l2 = new int[l.length];
        for (int width = 1; width < size; width *= 2) {
            for (int a = 0; a < size; a += 2 * width) {
                mergeRuns(f, l, f2, l2, a, Math.min(a + width, size), Math.min(a + 2 * width, size));
            }
            long[] tf = f;
            f = f2;
            f2 = tf;
            int[] tl = l;
            l = l2;
            l2 = tl;
        }
        from = f;
        len = l;
    }

    private static void mergeRuns(long[] f, int[] l, long[] f2, int[] l2, int a, int middle, int end) {
        int i = a;
        int j = middle;
        for (int k = a; k < end; k++) {
            boolean first = i < middle && (j >= end || f[i] <= f[j]);
            int source = first ? i++ : j++;
            f2[k] = f[source];
            l2[k] = l[source];
        }
    }

    /** In a sorted log, whether the unit is in one of the ranges. */
    boolean contains(long id) {
        int at = Arrays.binarySearch(from, 0, size, id);
        int before = at >= 0 ? at : -at - 2;
        return before >= 0 && id < from[before] + len[before];
    }

    int clients() {
        return clients.size();
    }

    /** The index of the client that came as number {@code c}. */
    int client(int c) {
        return clients.keyAt(c);
    }

    /** In a sorted log, where the ranges of a client begin. */
    int firstOf(int client) {
        int at = Arrays.binarySearch(from, 0, size, Items.pack(client, 0));
        return at >= 0 ? at : -at - 1;
    }
}
