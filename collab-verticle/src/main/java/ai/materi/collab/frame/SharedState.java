package ai.materi.collab.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Much of a document, or all of it, for everybody who lacks just that: each receiver gets a head of its own and the same
 * bytes behind it, outside the heap, from where they reach the socket without another copy. Written by many sockets on many
 * loops at a time; nobody may change it, and nobody needs to release it.
 */
public final class SharedState {
    private static final int MAX_HEAD = 16;
    private static final int CHUNK = 1 << 20;
    private static final long ON_THE_WAY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ByteBuf update;
    private final int step;
    private final AtomicInteger readers;
    private final long madeAt;

    private SharedState(ByteBuf update, int step, AtomicInteger readers, long madeAt) {
        this.update = update;
        this.step = step;
        this.readers = readers;
        this.madeAt = madeAt;
    }

    /** An answer: the second step of a synchronisation. */
    private static SharedState of(List<ByteBuffer> memory) {
        ByteBuffer[] chunks = memory.toArray(ByteBuffer[]::new);
        return new SharedState(
                Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(Math.max(2, chunks.length), chunks)),
                Messages.SYNC_STEP_2,
                new AtomicInteger(),
                System.nanoTime());
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
            return SharedState.of(full);
        }

        private void next() {
            if (last.capacity() > 0) {
                full.add(last.flip());
            }
            last = ByteBuffer.allocateDirect((int) Math.min(CHUNK, left));
            left -= last.capacity();
        }
    }

    /** The same bytes for somebody who has not asked for them. */
    public SharedState unasked() {
        return new SharedState(update, Messages.SYNC_UPDATE, readers, madeAt);
    }

    public boolean isAnswer() {
        return step == Messages.SYNC_STEP_2;
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
        Buffer start =
                message.varUint(Messages.SYNC).varUint(step).varUint(size()).toBuffer();
        return SharedFrame.socketFrame(start, size());
    }

    /** A socket has taken it, and keeps it in memory until it is {@link #written()}. */
    public void writing() {
        readers.incrementAndGet();
    }

    public void written() {
        readers.decrementAndGet();
    }

    /** Whether a socket still has to write it, or may be about to. */
    public boolean isUnderWay(long nowNanos) {
        return readers.get() > 0 || nowNanos - madeAt < ON_THE_WAY_NANOS;
    }
}
