package ai.materi.collab.wire;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Messages of one socket that wait for their documents to open; the bounds are the socket's, not a document's. */
final class Backlog {
    private final int maxMessages;
    private final int maxBytes;
    private int messages;
    private long bytes;

    Backlog(int maxMessages, int maxBytes) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
    }

    /** Those of one document. */
    final class Part {
        private final Queue<Buffer> waiting = new ArrayDeque<>();

        /** False when the socket has too much waiting already. */
        boolean add(Buffer message) {
            if (messages + 1 > maxMessages || bytes + message.length() > maxBytes) {
                return false;
            }
            messages++;
            bytes += message.length();
            // A view would keep the whole network buffer in memory.
            return waiting.add(message.copy());
        }

        /** Null when there is none. */
        @Nullable
        Buffer next() {
            Buffer message = waiting.poll();
            if (message != null) {
                messages--;
                bytes -= message.length();
            }
            return message;
        }

        void clear() {
            waiting.forEach(message -> bytes -= message.length());
            messages -= waiting.size();
            waiting.clear();
        }
    }
}
