package ai.materi.crdt;

/**
 * The run-length codes of lib0 in which update format v2 writes its columns. A column that is read past its end is a
 * {@link MalformedUpdateException}; a reader yields numbers for as long as a run says, so whoever reads keeps a budget.
 */
final class RunLength {
    private RunLength() {}

    /** Bytes: each new value once, and before the next the length of its run less one; the last run has no length. */
    static final class ByteRunReader {
        private final ByteReader in;
        private int value;
        private long left;

        ByteRunReader(ByteReader in) {
            this.in = in;
        }

        int read() {
            if (left == 0) {
                value = in.u8();
                left = in.hasContent() ? in.varUint() + 1 : Long.MAX_VALUE;
            }
            left--;
            return value;
        }
    }

    /** What the writers share: a run is written when it has ended. */
    private abstract static class RunWriter {
        final ByteWriter out = new ByteWriter();
        private long value;
        private long length;

        final void add(long next) {
            if (length > 0 && next == value) {
                length++;
                return;
            }
            if (length > 0) {
                run(value, length, false);
            }
            value = next;
            length = 1;
        }

        /** The column, when all is written. */
        final ByteWriter finish() {
            if (length > 0) {
                run(value, length, true);
                length = 0;
            }
            return out;
        }

        abstract void run(long of, long count, boolean isLast);
    }

    /** As {@link ByteRunReader} reads. */
    static final class ByteRunWriter extends RunWriter {
        void write(int next) {
            add(next);
        }

        @Override
        void run(long of, long count, boolean isLast) {
            out.u8((int) of);
            if (!isLast) {
                out.varUint(count - 1);
            }
        }
    }

    /** Unsigned numbers: one that comes once as it is, a run as its negation (which may be -0) and its length less two. */
    static final class UintRunReader {
        private final ByteReader in;
        private long value;
        private long left;

        UintRunReader(ByteReader in) {
            this.in = in;
        }

        long read() {
            if (left == 0) {
                double number = in.varIntNumber();
                boolean run = number < 0 || JsNumber.isNegativeZero(number);
                value = (long) Math.abs(number);
                left = run ? in.varUint() + 2 : 1;
            }
            left--;
            return value;
        }

        /** A length: refused over 2^31-1. */
        int readInt31() {
            long number = read();
            if (number > Integer.MAX_VALUE) {
                throw new MalformedUpdateException("clock or length over 2^31-1 at byte " + in.pos);
            }
            return (int) number;
        }
    }

    /** As {@link UintRunReader} reads. */
    static final class UintRunWriter extends RunWriter {
        void write(long next) {
            add(next);
        }

        @Override
        void run(long of, long count, boolean isLast) {
            out.varInt(of, count > 1);
            if (count > 1) {
                out.varUint(count - 2);
            }
        }
    }

    /** Clocks: runs of the same difference to the one before; the difference doubled, odd when the length of a run follows. */
    static final class DiffRunReader {
        private final ByteReader in;
        private long value;
        private long diff;
        private long left;

        DiffRunReader(ByteReader in) {
            this.in = in;
        }

        int read() {
            if (left == 0) {
                long number = (long) in.varIntNumber();
                diff = number >> 1;
                left = (number & 1) == 1 ? in.varUint() + 2 : 1;
            }
            left--;
            value += diff;
            if (value < 0 || value > Integer.MAX_VALUE) {
                throw new MalformedUpdateException("clock out of range at byte " + in.pos);
            }
            return (int) value;
        }
    }

    /** As {@link DiffRunReader} reads. */
    static final class DiffRunWriter extends RunWriter {
        private long last;

        void write(long next) {
            add(next - last);
            last = next;
        }

        @Override
        void run(long of, long count, boolean isLast) {
            long code = of * 2 + (count == 1 ? 0 : 1);
            out.varInt(Math.abs(code), code < 0);
            if (count > 1) {
                out.varUint(count - 2);
            }
        }
    }

    /** Strings: all of them one after the other, and then their lengths in UTF-16 units. */
    static final class StringReader {
        private final String all;
        private final UintRunReader lengths;
        private int at;

        StringReader(ByteReader in) {
            all = in.string();
            lengths = new UintRunReader(in);
        }

        String read() {
            long length = lengths.read();
            if (length > all.length() - at) {
                throw new MalformedUpdateException("text past the end of the strings");
            }
            int from = at;
            at += (int) length;
            return all.substring(from, at);
        }
    }

    /**
     * As {@link StringReader} reads. Halves of a pair that come apart are one again where they meet; what stays alone is
     * U+FFFD.
     */
    static final class StringWriter {
        private final ByteWriter text = new ByteWriter();
        private final UintRunWriter lengths = new UintRunWriter();
        private boolean loose;

        /** UTF-8, in which lone surrogates may stand in their generalized form. */
        void write(byte[] buf, int at, int size) {
            int units = Utf8.utf16Length(buf, at, size, true);
            loose |= Utf8.hasLoneSurrogate(buf, at, size);
            text.bytes(buf, at, size);
            lengths.write(units);
        }

        ByteWriter finish() {
            ByteWriter out = new ByteWriter(text.size() + 16);
            if (loose) {
                out.varString(Utf8.decodeLoose(text.buffer(), 0, text.size()));
            } else {
                out.varBytes(text.buffer(), 0, text.size());
            }
            ByteWriter ends = lengths.finish();
            out.bytes(ends.buffer(), 0, ends.size());
            return out;
        }
    }
}
