package ai.materi.crdt;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The authors of a document: client ids of up to 53 bits and their small indices. */
final class Clients {
    private Client[] all = new Client[4];
    private int size;
    private int[] index = new int[8];
    private int lastFound;

    int size() {
        return size;
    }

    Client at(int i) {
        return all[i];
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
        }
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
        Integer[] order = new Integer[size];
        int n = 0;
        for (int i = 0; i < size; i++) {
            if (all[i].state > 0) {
                order[n++] = i;
            }
        }
        Arrays.sort(order, 0, n, (a, b) -> Long.compare(all[b].id, all[a].id));
        int[] out = new int[n];
        for (int i = 0; i < n; i++) {
            out[i] = order[i];
        }
        return out;
    }

    long estimatedBytes() {
        long bytes = 8L * all.length + 4L * index.length;
        for (int i = 0; i < size; i++) {
            bytes += all[i].estimatedBytes();
        }
        return bytes;
    }
}
