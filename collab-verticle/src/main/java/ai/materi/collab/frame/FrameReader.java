package ai.materi.collab.frame;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads one message as lib0's decoding module writes it: unsigned integers in groups of seven bits, lowest first;
 * strings (UTF-8) and byte arrays behind their length in bytes. Nothing is copied but what is asked for. Every method
 * throws {@link MalformedFrameException} when the message ends too early or holds something else.
 */
public final class FrameReader {
    /** The largest integer that JavaScript writes without loss. */
    private static final long MAX_SAFE = (1L << 53) - 1;

    private static final int MAX_SHIFT = 49;

    private final Buffer buffer;
    private final int end;
    private int position;

    public FrameReader(Buffer buffer) {
        this.buffer = buffer;
        this.end = buffer.length();
    }

    /** 0 to 2^53 - 1. */
    public long varUint() {
        long value = 0;
        for (int shift = 0; shift <= MAX_SHIFT; shift += 7) {
            byte next = next();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return bounded(value);
            }
        }
        throw new MalformedFrameException("an integer is too long");
    }

    /** A small number that says what follows; anything larger than 255 is no such number. */
    public int type() {
        long type = varUint();
        if (type > 255) {
            throw new MalformedFrameException("a message type is out of range");
        }
        return (int) type;
    }

    public byte[] bytes() {
        int length = length();
        byte[] bytes = buffer.getBytes(position, position + length);
        position += length;
        return bytes;
    }

    /** A view of the bytes, sharing memory with the message. */
    public Buffer slice() {
        int length = length();
        Buffer slice = buffer.slice(position, position + length);
        position += length;
        return slice;
    }

    public void skipBytes() {
        int length = length();
        position += length;
    }

    /** UTF-8 of at most {@code maxBytes}; broken sequences become U+FFFD, as in a browser. */
    public String string(int maxBytes) {
        int length = length();
        if (length > maxBytes) {
            throw new MalformedFrameException("a string is longer than " + maxBytes + " bytes");
        }
        String string = buffer.getString(position, position + length, StandardCharsets.UTF_8.name());
        position += length;
        return string;
    }

    private int length() {
        long length = varUint();
        if (length > end - position) {
            throw new MalformedFrameException("a length runs past the end");
        }
        return (int) length;
    }

    private byte next() {
        if (position >= end) {
            throw new MalformedFrameException("the message ends too early");
        }
        return buffer.getByte(position++);
    }

    private static long bounded(long value) {
        if (value > MAX_SAFE) {
            throw new MalformedFrameException("an integer is too large");
        }
        return value;
    }
}
