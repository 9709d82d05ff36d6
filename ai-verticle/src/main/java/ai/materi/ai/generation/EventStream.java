package ai.materi.ai.generation;

import ai.materi.proto.ai.v1.GenerationEvent;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.streams.ReadStream;
import org.jspecify.annotations.Nullable;

/**
 * One reader of a run: sends what the run has and then what it says, on the reader's own context, as fast as the reader
 * asks. It holds no events itself: its place in the run's list is all it needs.
 */
final class EventStream implements ReadStream<GenerationEvent> {
    private final EventLog log;
    private final Context context;
    private int next;
    private long demand = Long.MAX_VALUE;
    private boolean ended;
    private boolean pumping;
    private @Nullable Handler<GenerationEvent> handler;
    private @Nullable Handler<Void> endHandler;

    EventStream(EventLog log, Context context, int from) {
        this.log = log;
        this.context = context;
        this.next = from;
    }

    /** From any thread: there may be something to read. */
    void wake() {
        context.runOnContext(nothing -> pump());
    }

    private void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        try {
            while (!ended && handler != null && demand > 0 && next < log.size()) {
                if (demand != Long.MAX_VALUE) {
                    demand--;
                }
                handler.handle(log.get(next++));
            }
        } finally {
            pumping = false;
        }
        if (!ended && handler != null && next >= log.size() && log.complete()) {
            ended = true;
            log.leave(this);
            if (endHandler != null) {
                endHandler.handle(null);
            }
        }
    }

    @Override
    public ReadStream<GenerationEvent> handler(@Nullable Handler<GenerationEvent> next) {
        handler = next;
        if (next == null) {
            ended = true;
            log.leave(this);
        } else {
            wake();
        }
        return this;
    }

    @Override
    public ReadStream<GenerationEvent> pause() {
        demand = 0;
        return this;
    }

    @Override
    public ReadStream<GenerationEvent> resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public ReadStream<GenerationEvent> fetch(long amount) {
        demand = demand > Long.MAX_VALUE - amount ? Long.MAX_VALUE : demand + amount;
        wake();
        return this;
    }

    @Override
    public ReadStream<GenerationEvent> exceptionHandler(@Nullable Handler<Throwable> ignored) {
        return this;
    }

    @Override
    public ReadStream<GenerationEvent> endHandler(@Nullable Handler<Void> handler) {
        endHandler = handler;
        return this;
    }
}
