package ai.materi.crdt;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The authors of a document: client ids of up to 53 bits and their small indices. */
final class Clients {
    private Client[] all = new Client[4];
    /** Their ids once more, for comparing many. */
    private long[] ids = new long[4];

    private int size;
    private int[] index = new int[8];
    private int lastFound;
    /** All of them, highest id first; of another length when some came since. */
    private int[] order = {};

    int size() {
        return size;
    }

    Client at(int i) {
        return all[i];
    }

    long idAt(int i) {
        return ids[i];
    }

    /** The index of a client id, or -1. */
    int find(long id) {
        if (lastFound < size && all[lastFound].id == id) {
            return lastFound;
        }
        int found = index[slot(id)] - 1;
        if (found >= 0) {
            lastFound = found;
        }
        return found;
    }

    @Nullable
    Client get(long id) {
        int i = find(id);
        return i < 0 ? null : all[i];
    }

    int state(long id) {
        int i = find(id);
        return i < 0 ? 0 : all[i].state;
    }

    int findOrAdd(long id) {
        int i = find(id);
        if (i >= 0) {
            return i;
        }
        if (size == all.length) {
            all = Arrays.copyOf(all, size * 2);
            ids = Arrays.copyOf(ids, size * 2);
        }
        ids[size] = id;
        all[size++] = new Client(id);
        if (size * 2 > index.length) {
            index = new int[index.length * 2];
            for (int k = 0; k < size; k++) {
                index[slot(all[k].id)] = k + 1;
            }
        } else {
            index[slot(id)] = size;
        }
        return size - 1;
    }

    private int slot(long id) {
        int mask = index.length - 1;
        int at = (int) ((id * 0x9E3779B97F4A7C15L) >>> 40) & mask;
        while (index[at] != 0 && all[index[at] - 1].id != id) {
            at = (at + 1) & mask;
        }
        return at;
    }

    /** Indices of the clients that hold something, highest id first: the order of the wire. */
    int[] descending() {
        if (order.length != size) {
            sort();
        }
        int[] out = new int[size];
        int n = 0;
        for (int i : order) {
            if (all[i].state > 0) {
                out[n++] = i;
            }
        }
        return n == size ? out : Arrays.copyOf(out, n);
    }

    private void sort() {
        long[] sorted = Arrays.copyOf(ids, size);
        Arrays.sort(sorted);
        order = new int[size];
        for (int i = 0; i < size; i++) {
            order[i] = index[slot(sorted[size - 1 - i])] - 1;
        }
    }

    long estimatedBytes() {
        long bytes = 16L * all.length + 4L * index.length + 4L * order.length;
        for (int i = 0; i < size; i++) {
            bytes += all[i].estimatedBytes();
        }
        return bytes;
    }
}
