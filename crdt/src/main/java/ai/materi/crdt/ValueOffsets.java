package ai.materi.crdt;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds the n-th value of a list of values that lies in the arena. Values have no fixed size, so it walks; what a walk
 * learns of where values begin stays until the arena moves, so that a long list which is cut again and again is walked once.
 */
final class ValueOffsets {
    /** How many bytes apart the beginnings are that are kept. */
    private static final int APART = 256;

    /** By where they begin. Those of one list that was cut do not overlap. */
    private final TreeMap<Integer, Walked> walks = new TreeMap<>();

    /** Beginnings of values, and how many values lie before each, from where a walk began. */
    private static final class Walked {
        private int[] at = new int[4];
        private int[] number = new int[4];
        private int count;

        void add(int position, int n) {
            if (count == at.length) {
                at = Arrays.copyOf(at, count * 2);
                number = Arrays.copyOf(number, count * 2);
            }
            at[count] = position;
            number[count++] = n;
        }

        int end() {
            return at[count - 1];
        }

        static int floor(int[] sorted, int count, int value) {
            int i = Arrays.binarySearch(sorted, 0, count, value);
            return i >= 0 ? i : -i - 2;
        }
    }

    void clear() {
        walks.clear();
    }

    /** Where value number {@code n} begins among those that a reader is before. */
    int find(ByteReader in, int kind, int n) {
        if (n == 0 || in.end - in.pos <= APART) {
            skip(in, kind, n);
            return in.pos;
        }
        int from = in.pos;
        Map.Entry<Integer, Walked> known = walks.floorEntry(from);
        if (known != null && from <= known.getValue().end()) {
            walk(known.getValue(), in, kind, numberOf(known.getValue(), in, kind) + n);
            return in.pos;
        }
        Walked fresh = new Walked();
        fresh.add(from, 0);
        walk(fresh, in, kind, n);
        if (fresh.count > 1) {
            walks.put(from, fresh);
        }
        return in.pos;
    }

    /** The number of the value that the reader is before. */
    private static int numberOf(Walked walked, ByteReader in, int kind) {
        int position = in.pos;
        int k = Walked.floor(walked.at, walked.count, position);
        int number = walked.number[k];
        in.pos = walked.at[k];
        while (in.pos < position) {
            skip(in, kind, 1);
            number++;
        }
        return number;
    }

    /** Moves the reader before a value, and keeps beginnings on the way where nobody has walked. */
    private static void walk(Walked walked, ByteReader in, int kind, int number) {
        int k = Walked.floor(walked.number, walked.count, number);
        in.pos = walked.at[k];
        int n = walked.number[k];
        boolean beyond = k == walked.count - 1;
        while (n < number) {
            skip(in, kind, 1);
            n++;
            if (beyond && in.pos - walked.end() >= APART) {
                walked.add(in.pos, n);
            }
        }
    }

    private static void skip(ByteReader in, int kind, int count) {
        for (int i = 0; i < count; i++) {
            if (kind == Items.ANY) {
                AnyCodec.skip(in);
            } else {
                in.skipBytes();
            }
        }
    }
}
