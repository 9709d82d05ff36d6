package ai.materi.collab.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A large update as the second step of a synchronisation, for everybody who lacks it: each receiver gets a head of its own
 * and the same bytes behind it, outside the heap, from where they reach the socket without another copy. Written by many
 * sockets on many loops at a time; nobody may change it, and nobody needs to release it.
 */
public final class SharedState {
    private static final int MAX_HEAD = 16;
    private static final int CHUNK = 1 << 20;

    private final ByteBuf update;

    private SharedState(List<ByteBuffer> memory) {
        ByteBuffer[] chunks = memory.toArray(ByteBuffer[]::new);
        this.update = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(Math.max(2, chunks.length), chunks));
    }

    /** Takes an update in, piece by piece, so that no more than one piece of it need be copied at a time. */
    public static final class Copy {
        private final List<ByteBuffer> full = new ArrayList<>();
        private ByteBuffer last = ByteBuffer.allocateDirect(0);
        private long left;

        /**
         * Of an update of this size.
         *
         * @param size of all pieces together
         */
        public Copy(long size) {
            left = size;
        }

        public void add(byte[] piece) {
            for (int at = 0; at < piece.length; ) {
                if (!last.hasRemaining()) {
                    next();
                }
                int some = Math.min(last.remaining(), piece.length - at);
                last.put(piece, at, some);
                at += some;
            }
        }

        public SharedState whole() {
            if (left > 0 || last.hasRemaining()) {
                throw new IllegalStateException("pieces of the update are missing");
            }
            full.add(last.flip());
            return new SharedState(full);
        }

        private void next() {
            if (last.capacity() > 0) {
                full.add(last.flip());
            }
            last = ByteBuffer.allocateDirect((int) Math.min(CHUNK, left));
            left -= last.capacity();
        }
    }

    public int size() {
        return update.readableBytes();
    }

    /** What follows the head. */
    public ByteBuf update() {
        return update.duplicate();
    }

    /** A copy on the heap. */
    public byte[] toBytes() {
        byte[] bytes = new byte[size()];
        update.getBytes(0, bytes);
        return bytes;
    }

    /**
     * The frame's header, the document's name where the wire carries it, and the message up to the update.
     *
     * @param name null on a wire without names
     */
    public ByteBuf head(@Nullable String name) {
        FrameWriter message = new FrameWriter(MAX_HEAD + (name == null ? 0 : name.length()));
        if (name != null) {
            message.string(name);
        }
        Buffer start = message.varUint(Messages.SYNC)
                .varUint(Messages.SYNC_STEP_2)
                .varUint(size())
                .toBuffer();
        return SharedFrame.socketFrame(start, size());
    }
}
