package ai.materi.collab.room;

import java.util.ArrayDeque;
import java.util.function.LongConsumer;

/**
 * What waits for a commit. A room counts what it appends to the log; whatever is to happen once everything up to some
 * count is committed stands here, in order.
 */
final class AckQueue {
    private record Waiting(long position, LongConsumer committed, Runnable dropped) {}

    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

    /** Positions never fall from one call to the next. */
    void add(long position, LongConsumer committed, Runnable dropped) {
        waiting.add(new Waiting(position, committed, dropped));
    }

    /** Everything up to {@code position} is committed, whose sequence number is {@code seq}. */
    void committed(long position, long seq) {
        while (!waiting.isEmpty() && waiting.element().position() <= position) {
            Waiting next = waiting.remove();
            next.committed().accept(seq - (position - next.position()));
        }
    }

    /** It will never be known. */
    void drop() {
        while (!waiting.isEmpty()) {
            waiting.remove().dropped().run();
        }
    }
}
