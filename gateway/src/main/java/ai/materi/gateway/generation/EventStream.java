package ai.materi.gateway.generation;

import ai.materi.platform.grpc.CancellableStream;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.Problems;
import ai.materi.proto.ai.v1.GenerationEvent;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.streams.ReadStream;

/**
 * Sends a generation's events to one client. It ends once: with the generation's terminal event, or with an error when its
 * source stops without one, or without any when the client has left or is sent elsewhere. A client that reads slowly pauses the
 * source.
 */
final class EventStream {
    private static final long HEARTBEAT_MS = 15_000;
    private static final Buffer HEARTBEAT = Buffer.buffer(":\n\n");
    private static final Buffer RETRY = Buffer.buffer("retry: 2000\n\n");

    private final Vertx vertx;
    private final HttpServerResponse response;
    private final ReadStream<GenerationEvent> source;
    private final Runnable onLeft;
    private final Promise<Void> closed = Promise.promise();
    private long heartbeat;
    private boolean ended;

    /** Runs {@code onLeft} when the client goes before the end. */
    EventStream(Vertx vertx, HttpServerResponse response, ReadStream<GenerationEvent> source, Runnable onLeft) {
        this.vertx = vertx;
        this.response = response;
        this.source = source;
        this.onLeft = onLeft;
    }

    /** Ends when nothing more will be sent. */
    Future<Void> run() {
        heartbeat = vertx.setPeriodic(HEARTBEAT_MS, tick -> response.write(HEARTBEAT));
        response.write(RETRY);
        response.closeHandler(gone -> left());
        response.exceptionHandler(broken -> left());
        source.exceptionHandler(failure -> end(error(failure)));
        source.endHandler(end -> end(SseEvent.error("internal", "The generation's events stopped before its end.")));
        source.handler(this::send);
        return closed.future();
    }

    private static SseEvent error(Throwable failure) {
        Problem problem = Problems.settle(failure, "A stream of events");
        return SseEvent.error(problem.code().code(), problem.detail());
    }

    private void send(GenerationEvent event) {
        if (ended) {
            return;
        }
        SseEvent next = SseEvent.of(event);
        Buffer line = next.numbered(event.getSequence());
        if (next.terminal()) {
            finish(line);
        } else {
            response.write(line);
            awaitClient();
        }
    }

    private void awaitClient() {
        if (response.writeQueueFull()) {
            source.pause();
            response.drainHandler(drained -> source.resume());
        }
    }

    private void end(SseEvent event) {
        if (!ended) {
            finish(event.unnumbered());
        }
    }

    private void finish(Buffer last) {
        stop();
        response.end(last);
    }

    private void left() {
        if (!ended) {
            stop();
            leaveSource();
            onLeft.run();
        }
    }

    /** Lets the client come back to another node, with the id of the last event that it saw. */
    void dismiss() {
        if (!ended) {
            stop();
            leaveSource();
            response.reset();
        }
    }

    private void leaveSource() {
        source.handler(null);
        if (source instanceof CancellableStream<?> cancellable) {
            cancellable.cancel();
        }
    }

    private void stop() {
        ended = true;
        vertx.cancelTimer(heartbeat);
        closed.tryComplete();
    }
}
