package ai.materi.collab.frame;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes one message as lib0's encoding module does; see {@link FrameReader} for the shapes. */
public final class FrameWriter {
    private byte[] bytes;
    private int length;

    public FrameWriter(int expectedLength) {
        this.bytes = new byte[Math.max(16, expectedLength)];
    }

    public FrameWriter varUint(long value) {
        ensure(9);
        long rest = value;
        while (rest > 0x7f) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
        return this;
    }

    /** With their length in front. */
    public FrameWriter bytes(byte[] value) {
        varUint(value.length);
        return raw(value);
    }

    /** Without a length. */
    public FrameWriter raw(byte[] value) {
        ensure(value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
        return this;
    }

    public FrameWriter string(String value) {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    public Buffer toBuffer() {
        return Buffer.buffer(length).appendBytes(bytes, 0, length);
    }

    private void ensure(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
