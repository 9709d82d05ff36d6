package ai.materi.crdt;

/** A cursor over received bytes that refuses to read past their end. */
final class ByteReader {
    static final long MAX_SAFE_INTEGER = (1L << 53) - 1;

    final byte[] buf;
    final int end;
    int pos;
    /** Whether some integer so far took more bytes than it needs. */
    boolean isOverlong;

    ByteReader(byte[] buf, int pos, int end) {
        this.buf = buf;
        this.pos = pos;
        this.end = end;
    }

    ByteReader(byte[] buf) {
        this(buf, 0, buf.length);
    }

    boolean hasContent() {
        return pos < end;
    }

    int u8() {
        if (pos >= end) {
            throw new MalformedUpdateException("unexpected end at byte " + pos);
        }
        return buf[pos++] & 0xFF;
    }

    /** A variable-length unsigned integer of at most 53 bits. */
    long varUint() {
        int b = u8();
        if (b < 0x80) {
            return b;
        }
        long value = b & 0x7F;
        for (int shift = 7; shift < 63; shift += 7) {
            b = u8();
            value |= (long) (b & 0x7F) << shift;
            if (value < 0 || value > MAX_SAFE_INTEGER) {
                break;
            }
            if (b < 0x80) {
                isOverlong |= b == 0;
                return value;
            }
        }
        throw new MalformedUpdateException("integer over 53 bits at byte " + pos);
    }

    /** A clock, a length or a count: refused over 2^31-1. */
    int varInt31() {
        long value = varUint();
        if (value > Integer.MAX_VALUE) {
            throw new MalformedUpdateException("clock or length over 2^31-1 at byte " + pos);
        }
        return (int) value;
    }

    /** How many things follow that take at least {@code least} bytes each: refused when they cannot fit. */
    int count(int least) {
        long value = varUint();
        if (value > (end - pos) / least) {
            throw new MalformedUpdateException("count runs past the end at byte " + pos);
        }
        return (int) value;
    }

    /** Skips a length-prefixed run of bytes and answers its length; the run then ends at {@link #pos}. */
    int skipBytes() {
        int length = count(1);
        pos += length;
        return length;
    }

    byte[] bytes() {
        int length = skipBytes();
        byte[] out = new byte[length];
        System.arraycopy(buf, pos - length, out, 0, length);
        return out;
    }

    String string() {
        int length = skipBytes();
        return Utf8.decodeStrict(buf, pos - length, length);
    }

    /** The number of a varInt as JavaScript sees it: a double, because {@code -0} exists. */
    double varIntNumber() {
        int at = pos;
        int b = u8();
        long value = b & 0x3F;
        boolean negative = (b & 0x40) != 0;
        for (int shift = 6; (b & 0x80) != 0; shift += 7) {
            b = u8();
            if (shift > 55) {
                throw new MalformedUpdateException("integer over 53 bits at byte " + pos);
            }
            value |= (long) (b & 0x7F) << shift;
            if (value > MAX_SAFE_INTEGER) {
                throw new MalformedUpdateException("integer over 53 bits at byte " + pos);
            }
        }
        isOverlong |= b == 0 && at + 1 < pos;
        return negative ? -(double) value : (double) value;
    }

    long fixed(int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = value << 8 | u8();
        }
        return value;
    }

    void skip(int bytes) {
        if (end - pos < bytes) {
            throw new MalformedUpdateException("unexpected end at byte " + pos);
        }
        pos += bytes;
    }
}
