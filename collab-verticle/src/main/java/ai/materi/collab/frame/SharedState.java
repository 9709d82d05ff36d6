package ai.materi.collab.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A large document as the second step of a synchronisation, for everybody who has nothing of it: each receiver gets a head
 * of its own and the same bytes behind it, outside the heap, from where they reach the socket without another copy. Written
 * by many sockets on many loops at a time; nobody may change it, and nobody needs to release it.
 */
public final class SharedState {
    private static final int MAX_HEAD = 16;

    private final ByteBuf update;

    /** @param update of the Yjs format, version 1 */
    public SharedState(byte[] update) {
        ByteBuffer memory = ByteBuffer.allocateDirect(update.length).put(update).flip();
        this.update = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(memory));
    }

    public int size() {
        return update.readableBytes();
    }

    /** What follows the head. */
    public ByteBuf update() {
        return update.duplicate();
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
