package ai.materi.gateway.sse;

import ai.materi.gateway.http.Reply;
import ai.materi.platform.grpc.CancellableStream;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.Problems;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.streams.ReadStream;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Sends what a source tells to one client. It ends once: with a terminal event, or with an error when its source fails, or
 * without any when the client has left, has stopped reading, or is sent elsewhere. A client that reads slowly pauses the
 * source.
 */
public final class EventStream<T> {
    public static final String MEDIA_TYPE = "text/event-stream";

    private static final long HEARTBEAT_MS = 15_000;
    private static final Buffer HEARTBEAT = Buffer.buffer(":\n\n");
    private static final Buffer RETRY = Buffer.buffer("retry: 2000\n\n");
    private static final List<Map.Entry<String, String>> HEADERS = List.of(
            Map.entry("content-type", MEDIA_TYPE),
            Map.entry("cache-control", "no-store"),
            Map.entry("x-accel-buffering", "no"));

    private final Vertx vertx;
    private final HttpServerResponse response;
    private final Source<T> source;
    private final Promise<Void> closed = Promise.promise();
    private long heartbeat;
    private boolean stuck;
    private boolean ended;

    /**
     * Where events come from.
     *
     * @param shown how an item is told
     * @param atEnd the last event when the items end without a terminal one
     * @param onLeft runs when the client goes before the end
     */
    public record Source<T>(ReadStream<T> items, Function<T, SseEvent> shown, SseEvent atEnd, Runnable onLeft) {
        /** Its client has gone before it was told anything. */
        public void abandon() {
            leave();
            onLeft.run();
        }

        private void leave() {
            items.handler(null);
            if (items instanceof CancellableStream<?> cancellable) {
                cancellable.cancel();
            }
        }
    }

    EventStream(Vertx vertx, HttpServerResponse response, Source<T> source) {
        this.vertx = vertx;
        this.response = response;
        this.source = source;
    }

    /** An answer with the headers of a stream of events. */
    static Reply reply(Consumer<HttpServerResponse> writer, Source<?> source) {
        return new Reply.Streamed(HEADERS, writer, source::abandon);
    }

    /** Ends when nothing more will be sent. */
    Future<Void> run() {
        heartbeat = vertx.setPeriodic(HEARTBEAT_MS, tick -> beat());
        response.write(RETRY);
        response.closeHandler(gone -> left());
        response.exceptionHandler(broken -> left());
        source.items().exceptionHandler(failure -> end(error(failure)));
        source.items().endHandler(end -> end(source.atEnd()));
        source.items().handler(this::send);
        if (response.closed()) {
            left();
        }
        return closed.future();
    }

    private static SseEvent error(Throwable failure) {
        Problem problem = Problems.settle(failure, "A stream of events");
        return SseEvent.error(problem.code().code(), problem.detail());
    }

    private void send(T item) {
        if (ended) {
            return;
        }
        SseEvent next = source.shown().apply(item);
        if (next.terminal()) {
            end(next);
        } else {
            response.write(next.bytes());
            awaitClient();
        }
    }

    private void awaitClient() {
        if (response.writeQueueFull()) {
            source.items().pause();
            response.drainHandler(drained -> source.items().resume());
        }
    }

    /** Whoever has read nothing from one beat to the next has stopped. */
    private void beat() {
        if (!response.writeQueueFull()) {
            stuck = false;
            response.write(HEARTBEAT);
        } else if (stuck) {
            left();
            response.reset();
        } else {
            stuck = true;
        }
    }

    private void end(SseEvent last) {
        if (!ended) {
            stop();
            response.end(last.bytes());
        }
    }

    private void left() {
        if (!ended) {
            stop();
            source.abandon();
        }
    }

    /** Lets the client come back to another node, with the id of the last event that it saw. */
    void dismiss() {
        if (!ended) {
            stop();
            source.leave();
            response.reset();
        }
    }

    private void stop() {
        ended = true;
        vertx.cancelTimer(heartbeat);
        closed.tryComplete();
    }
}
