package ai.materi.gateway.bench.collab;

/** A moment written into what an editor sends, which others find in the raw message without decoding it. */
enum Stamp {
    EDIT('!'),
    CURSOR('?');

    /** UTF-8 bytes of a stamp. */
    static final int LENGTH = 14;

    private static final byte BEGIN = '@';
    private static final int RADIX = 36;

    private final byte kind;

    Stamp(char kind) {
        this.kind = (byte) kind;
    }

    /** What is to be done with a moment that was found, in {@link System#nanoTime()} cut to microseconds. */
    interface Found {
        void at(long nanos);
    }

    String now() {
        String digits = Long.toString(System.nanoTime() / 1000, RADIX);
        return (char) BEGIN + "" + (char) kind + "0".repeat(LENGTH - 2 - digits.length()) + digits;
    }

    /** Finds every stamp of this kind that is whole between {@code from} and {@code to}. */
    void in(byte[] bytes, int from, int to, Found found) {
        int last = to - LENGTH;
        for (int i = from; i <= last; i++) {
            if (bytes[i] == BEGIN && bytes[i + 1] == kind) {
                found.at(number(bytes, i + 2, i + LENGTH) * 1000);
                i += LENGTH - 1;
            }
        }
    }

    private static long number(byte[] bytes, int from, int to) {
        long number = 0;
        for (int i = from; i < to; i++) {
            number = number * RADIX + Character.digit(bytes[i], RADIX);
        }
        return number;
    }
}
