package ai.materi.collab.stream;

import ai.materi.proto.collab.v1.SyncReply;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be sent to one reader, within bounds. A message that is larger than half the bound, such as a large document,
 * has to go out whole all the same, but not so many of them.
 */
final class Outgoing {
    private static final int BIG_TOGETHER = 16;

    private final int maxBytes;
    private final ArrayDeque<SyncReply> waiting = new ArrayDeque<>();
    private long bytes;
    private long bigBytes;

    Outgoing(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** False when too much is waiting already. */
    boolean add(SyncReply message) {
        int size = message.getSerializedSize();
        if (isBig(size)) {
            if (bigBytes > 0 && bigBytes + size > (long) BIG_TOGETHER * maxBytes) {
                return false;
            }
            bigBytes += size;
        } else {
            if (bytes + size > maxBytes) {
                return false;
            }
            bytes += size;
        }
        return waiting.add(message);
    }

    /** Null when there is none. */
    @Nullable
    SyncReply next() {
        SyncReply message = waiting.poll();
        if (message != null) {
            int size = message.getSerializedSize();
            bigBytes -= isBig(size) ? size : 0;
            bytes -= isBig(size) ? 0 : size;
        }
        return message;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    void clear() {
        waiting.clear();
        bytes = 0;
        bigBytes = 0;
    }

    private boolean isBig(int size) {
        return size > maxBytes / 2;
    }
}
