package ai.materi.crdt;

import java.util.Arrays;

/**
 * Watches whether the keys of received objects come as JavaScript lists them: array indices first and ascending, no key
 * twice. Keys are told apart by a hash of their bytes; two that have the same only cost that the value is written anew.
 */
final class KeyOrder {
    /** Up to so many are compared each with each. */
    private static final int FEW = 8;

    private static final long NO_KEY = -1;
    private static final long NAMES = Long.MAX_VALUE;

    private long[] hashes = new long[FEW];
    private int size;
    /** For each open object, where its hashes begin, and its last index. */
    private int[] start = new int[FEW];

    private long[] last = new long[FEW];
    private int open;
    private boolean broken;

    /** Whether some object was out of order so far. */
    boolean isBroken() {
        return broken;
    }

    /** Forgets the objects that were open, and what was broken in them. */
    void restart() {
        size = 0;
        open = 0;
        broken = false;
    }

    void open() {
        if (open == start.length) {
            start = Arrays.copyOf(start, open * 2);
            last = Arrays.copyOf(last, open * 2);
        }
        start[open] = size;
        last[open++] = NO_KEY;
    }

    /** The next key of the innermost open object. */
    void key(byte[] buf, int at, int length) {
        if (broken) {
            return;
        }
        long index = index(buf, at, length);
        int object = open - 1;
        if (index >= 0) {
            broken = index <= last[object];
            last[object] = index;
            return;
        }
        last[object] = NAMES;
        if (size == hashes.length) {
            hashes = Arrays.copyOf(hashes, size + (size >> 1));
        }
        hashes[size++] = hash(buf, at, length);
    }

    void close() {
        int from = start[--open];
        broken = broken || isRepeated(from);
        size = from;
    }

    private boolean isRepeated(int from) {
        if (size - from > FEW) {
            Arrays.sort(hashes, from, size);
            for (int i = from + 1; i < size; i++) {
                if (hashes[i] == hashes[i - 1]) {
                    return true;
                }
            }
            return false;
        }
        for (int i = from + 1; i < size; i++) {
            for (int k = from; k < i; k++) {
                if (hashes[i] == hashes[k]) {
                    return true;
                }
            }
        }
        return false;
    }

    /** FNV-1a. */
    private static long hash(byte[] buf, int at, int length) {
        long hash = 0xCBF29CE484222325L;
        for (int i = at; i < at + length; i++) {
            hash = (hash ^ buf[i]) * 0x100000001B3L;
        }
        return hash;
    }

    /** The array index that the key is, or a negative number. */
    private static long index(byte[] buf, int at, int length) {
        if (length == 0 || length > JsValue.MAX_INDEX_DIGITS || (buf[at] == '0' && length > 1)) {
            return NO_KEY;
        }
        long index = 0;
        for (int i = at; i < at + length; i++) {
            if (buf[i] < '0' || buf[i] > '9') {
                return NO_KEY;
            }
            index = index * 10 + buf[i] - '0';
        }
        return index <= JsValue.MAX_INDEX ? index : NO_KEY;
    }
}
