package ai.materi.crdt;

import java.util.Arrays;

/** Deleted ranges as they stand on the wire: groups by client, read whole before anything is done with them. */
final class DeleteRanges {
    private long[] client = new long[4];
    private int[] groupEnd = new int[4];
    private int groups;
    private int[] clock = new int[4];
    private int[] len = new int[4];
    private int size;

    /** Reads a delete set; every range costs one of the budget. */
    static DeleteRanges read(ByteReader in, int budget) {
        return read(in, budget, false);
    }

    /** As {@link #read(ByteReader, int)}, in format v2: distances in place of clocks, and lengths less one. */
    static DeleteRanges readV2(ByteReader in, int budget) {
        return read(in, budget, true);
    }

    private static DeleteRanges read(ByteReader in, int budget, boolean distances) {
        DeleteRanges out = new DeleteRanges();
        int groups = in.count(2);
        for (int g = 0; g < groups; g++) {
            long client = in.varUint();
            int n = in.count(2);
            if (n > budget - out.size) {
                throw MalformedUpdateException.overBudget();
            }
            long end = 0;
            for (int i = 0; i < n; i++) {
                long from = in.varInt31() + (distances ? end : 0);
                end = from + in.varInt31() + (distances ? 1 : 0);
                out.addRange(from, end);
            }
            if (n > 0) {
                out.closeGroup(client);
            }
        }
        return out;
    }

    void addRange(long from, long end) {
        if (end > Integer.MAX_VALUE) {
            throw new MalformedUpdateException("deleted clock over 2^31-1");
        }
        if (size == clock.length) {
            clock = Arrays.copyOf(clock, size * 2);
            len = Arrays.copyOf(len, size * 2);
        }
        clock[size] = (int) from;
        len[size++] = (int) (end - from);
    }

    /** The ranges added since the last group are this client's. */
    void closeGroup(long of) {
        if (groups == client.length) {
            client = Arrays.copyOf(client, groups * 2);
            groupEnd = Arrays.copyOf(groupEnd, groups * 2);
        }
        client[groups] = of;
        groupEnd[groups++] = size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    int groups() {
        return groups;
    }

    int size() {
        return size;
    }

    long client(int group) {
        return client[group];
    }

    int groupStart(int group) {
        return group == 0 ? 0 : groupEnd[group - 1];
    }

    int groupEnd(int group) {
        return groupEnd[group];
    }

    int clock(int range) {
        return clock[range];
    }

    int len(int range) {
        return len[range];
    }

    void addTo(DeleteSet.Builder out) {
        for (int g = 0; g < groups; g++) {
            for (int r = groupStart(g); r < groupEnd[g]; r++) {
                out.add(client[g], clock[r], len[r]);
            }
        }
    }
}
