package ai.materi.collab.version;

import java.io.ByteArrayOutputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * A document's state (Yjs update format v1) as a zlib stream (RFC 1950). Packing and unpacking compute: not for an event
 * loop.
 *
 * @param size bytes of the state
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record PackedState(byte[] packed, long size) {
    private static final int CHUNK = 64 * 1024;

    public static PackedState of(byte[] state) {
        Deflater deflater = new Deflater();
        try {
            deflater.setInput(state);
            deflater.finish();
            ByteArrayOutputStream packed = new ByteArrayOutputStream(state.length / 2 + 64);
            byte[] chunk = new byte[CHUNK];
            while (!deflater.finished()) {
                packed.write(chunk, 0, deflater.deflate(chunk));
            }
            return new PackedState(packed.toByteArray(), state.length);
        } finally {
            deflater.end();
        }
    }

    /** Never more than {@link #size} bytes are unpacked; any other number fails with {@link IllegalStateException}. */
    public byte[] unpack() {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(packed);
            byte[] state = new byte[Math.toIntExact(size)];
            int unpacked = 0;
            int more = inflater.inflate(state);
            while (more > 0) {
                unpacked += more;
                more = inflater.inflate(state, unpacked, state.length - unpacked);
            }
            if (unpacked != state.length) {
                throw new IllegalStateException("a version holds " + unpacked + " bytes instead of " + size);
            }
            return state;
        } catch (DataFormatException damaged) {
            throw new IllegalStateException("a version is no zlib stream", damaged);
        } finally {
            inflater.end();
        }
    }
}
