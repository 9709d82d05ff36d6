package ai.materi.collab.stream;

import ai.materi.collab.room.Loop;
import ai.materi.collab.room.Underway;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.collab.v1.SyncOpen;
import ai.materi.proto.collab.v1.SyncRequest;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.streams.ReadStream;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a caller says: first which document it wants, within some time, then the rest as fast as the room works on it. Touched on
 * its loop only.
 */
final class Incoming {
    private final Loop loop;
    private final ReadStream<SyncRequest> requests;
    private final Promise<SyncOpen> opening = Promise.promise();
    private final Underway underway;
    private @Nullable Consumer<SyncRequest> heard;
    private Runnable onEnd = () -> {};
    private boolean ended;

    /**
     * @param bytes that may go to the room and wait there
     */
    Incoming(Loop loop, ReadStream<SyncRequest> requests, int bytes) {
        this.loop = loop;
        this.requests = requests;
        this.underway = new Underway(bytes, loop, requests::pause, this::flow);
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

    /** What goes to the room: when it is too much no more is read. */
    Underway underway() {
        return underway;
    }

    private void flow() {
        if (heard != null) {
            requests.resume();
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
