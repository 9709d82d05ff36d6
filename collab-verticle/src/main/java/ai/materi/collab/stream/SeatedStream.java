package ai.materi.collab.stream;

import ai.materi.collab.room.Loop;
import ai.materi.collab.room.Peer;
import ai.materi.collab.room.Wire;
import ai.materi.platform.grpc.CancellableStream;
import io.vertx.core.Handler;
import org.jspecify.annotations.Nullable;

/**
 * A stream of messages whose reader has a seat in a room without a socket: it is sent what it asks for, and ends with its
 * reader, with a failure, or when it says so itself. Touched on its loop only.
 */
public abstract class SeatedStream<T> implements CancellableStream<T>, Peer {
    private final Loop loop;
    private @Nullable Handler<T> handler;
    private @Nullable Handler<Throwable> failed;
    private @Nullable Handler<Void> ended;
    private @Nullable Throwable failure;
    private long demand = Long.MAX_VALUE;
    private boolean over;

    protected SeatedStream(Loop loop) {
        this.loop = loop;
    }

    /** Takes the next message that waits; null when none does. */
    protected abstract @Nullable T next();

    /** The reader is there and has what it asked for. */
    protected abstract void flowed();

    /** Once, when it is over: nothing is sent any more. */
    protected abstract void left();

    protected final boolean isOver() {
        return over;
    }

    protected final boolean isRead() {
        return handler != null;
    }

    /** Sends what waits, as far as the reader asks for it. */
    protected final void flow() {
        while (!over && handler != null && demand > 0) {
            T message = next();
            if (message == null) {
                break;
            }
            demand -= demand == Long.MAX_VALUE ? 0 : 1;
            handler.handle(message);
        }
        if (!over && handler != null) {
            flowed();
        }
    }

    /** Its reader hears of it as soon as there is one. */
    protected final void fail(Throwable cause) {
        if (!over) {
            leave();
            failure = cause;
            tellFailure();
        }
    }

    /** Nothing more will come. */
    protected final void finish() {
        if (!over) {
            leave();
            if (ended != null) {
                ended.handle(null);
            }
        }
    }

    private void leave() {
        over = true;
        left();
    }

    private void tellFailure() {
        Throwable told = failure;
        if (told != null && failed != null && handler != null) {
            failure = null;
            failed.handle(told);
        }
    }

    // --- as its reader sees it ---

    @Override
    public final void cancel() {
        loop.run(() -> {
            if (!over) {
                leave();
            }
        });
    }

    @Override
    public final SeatedStream<T> handler(@Nullable Handler<T> reader) {
        if (reader == null) {
            cancel();
        }
        loop.run(() -> {
            handler = reader;
            flow();
            tellFailure();
        });
        return this;
    }

    @Override
    public final SeatedStream<T> exceptionHandler(@Nullable Handler<Throwable> reader) {
        failed = reader;
        return this;
    }

    @Override
    public final SeatedStream<T> endHandler(@Nullable Handler<Void> reader) {
        ended = reader;
        return this;
    }

    @Override
    public final SeatedStream<T> pause() {
        demand = 0;
        return this;
    }

    @Override
    public final SeatedStream<T> resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public final SeatedStream<T> fetch(long amount) {
        loop.run(() -> {
            demand = amount == Long.MAX_VALUE || demand == Long.MAX_VALUE ? Long.MAX_VALUE : demand + amount;
            flow();
        });
        return this;
    }

    // --- as the room sees it ---

    @Override
    public final Loop loop() {
        return loop;
    }

    @Override
    public final Wire wire() {
        return Wire.GRPC;
    }
}
