package ai.materi.collab.stream;

import ai.materi.collab.room.Loop;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.collab.v1.SyncOpen;
import ai.materi.proto.collab.v1.SyncRequest;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.streams.ReadStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a caller says: first which document it wants, within some time, then the rest as fast as the room works on it. Touched on
 * its loop only, but for {@link #done()}.
 */
final class Incoming {
    private static final int BUSY = 512;

    private final Loop loop;
    private final ReadStream<SyncRequest> requests;
    private final Promise<SyncOpen> opening = Promise.promise();
    private final AtomicInteger underway = new AtomicInteger();
    private @Nullable Consumer<SyncRequest> heard;
    private Runnable onEnd = () -> {};
    private boolean busy;
    private boolean ended;

    Incoming(Loop loop, ReadStream<SyncRequest> requests) {
        this.loop = loop;
        this.requests = requests;
    }

    /** Fails with {@code invalid_request} when the caller says something else, and {@code timed_out} when it says nothing. */
    Future<SyncOpen> opening(Vertx vertx, Duration within) {
        long timer = vertx.setTimer(
                within.toMillis(),
                late -> opening.tryFail(
                        Problem.of(ProblemCode.TIMED_OUT, "The call did not say in time what it wants to open.")));
        requests.pause();
        requests.fetch(1);
        requests.endHandler(end -> loop.run(this::end));
        requests.handler(request -> loop.run(() -> take(request)));
        return opening.future().onComplete(known -> vertx.cancelTimer(timer));
    }

    /** Reads on. */
    void begin(Consumer<SyncRequest> listener, Runnable whenEnded) {
        heard = listener;
        onEnd = whenEnded;
        requests.resume();
        if (ended) {
            whenEnded.run();
        }
    }

    /** Reads nothing more. */
    void stop() {
        heard = null;
        requests.pause();
    }

    /** A message goes to a room; {@link #done()} is to follow when it was worked on. Too many and no more are read. */
    void working() {
        if (underway.incrementAndGet() >= BUSY && !busy) {
            busy = true;
            requests.pause();
        }
    }

    /** May be called on any thread. */
    void done() {
        if (underway.decrementAndGet() == BUSY / 2) {
            loop.post(() -> {
                busy = false;
                if (heard != null) {
                    requests.resume();
                }
            });
        }
    }

    private void take(SyncRequest request) {
        if (!opening.future().isComplete()) {
            open(request);
        } else if (heard != null) {
            heard.accept(request);
        }
    }

    private void open(SyncRequest request) {
        if (request.hasOpen()) {
            opening.complete(request.getOpen());
        } else {
            opening.fail(Problem.of(ProblemCode.INVALID_REQUEST, "The first message says which document to open."));
        }
    }

    private void end() {
        ended = true;
        opening.tryFail(Problem.of(ProblemCode.INVALID_REQUEST, "The call carries no message."));
        onEnd.run();
    }
}
