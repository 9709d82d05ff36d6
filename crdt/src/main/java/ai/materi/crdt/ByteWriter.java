package ai.materi.crdt;

import java.util.Arrays;

/** A growing buffer that writes the primitives of the format. */
final class ByteWriter {
    private byte[] buf;
    private int size;

    ByteWriter() {
        this(64);
    }

    ByteWriter(int capacity) {
        buf = new byte[capacity];
    }

    int size() {
        return size;
    }

    byte[] buffer() {
        return buf;
    }

    void clear() {
        size = 0;
    }

    byte[] toByteArray() {
        return Arrays.copyOf(buf, size);
    }

    private void ensure(int more) {
        if (buf.length - size < more) {
            long wanted = Math.max((long) size + more, size + (long) (size >> 1));
            if ((long) size + more > Integer.MAX_VALUE - 16) {
                throw new IllegalStateException("encoding over 2 GiB");
            }
            buf = Arrays.copyOf(buf, (int) Math.min(wanted, Integer.MAX_VALUE - 16));
        }
    }

    void u8(int value) {
        if (size == buf.length) {
            ensure(1);
        }
        buf[size++] = (byte) value;
    }

    void varUint(long value) {
        ensure(10);
        long rest = value;
        while (rest > 0x7F) {
            buf[size++] = (byte) (0x80 | (rest & 0x7F));
            rest >>>= 7;
        }
        buf[size++] = (byte) rest;
    }

    /** A signed integer; the sign is given apart because {@code -0} is written too. */
    void varInt(long magnitude, boolean negative) {
        ensure(11);
        buf[size++] = (byte) ((magnitude > 0x3F ? 0x80 : 0) | (negative ? 0x40 : 0) | (magnitude & 0x3F));
        long rest = magnitude >>> 6;
        while (rest > 0) {
            buf[size++] = (byte) ((rest > 0x7F ? 0x80 : 0) | (rest & 0x7F));
            rest >>>= 7;
        }
    }

    void bytes(byte[] source, int offset, int length) {
        ensure(length);
        System.arraycopy(source, offset, buf, size, length);
        size += length;
    }

    void bytes(byte[] source) {
        bytes(source, 0, source.length);
    }

    void varBytes(byte[] source, int offset, int length) {
        varUint(length);
        bytes(source, offset, length);
    }

    /** A string with its length; a lone surrogate becomes U+FFFD, as every JavaScript encoder writes it. */
    void varString(String text) {
        int length = Utf8.encodedLength(text);
        varUint(length);
        ensure(length);
        size = Utf8.encode(text, buf, size, false);
    }

    void fixed(long value, int bytes) {
        ensure(bytes);
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
            buf[size++] = (byte) (value >>> shift);
        }
    }
}
