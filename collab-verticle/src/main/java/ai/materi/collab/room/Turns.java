package ai.materi.collab.room;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.function.Supplier;

/** One server-side edit after the other. A room stays in memory while one waits. */
final class Turns {
    private static final int WAITING = 200;

    private final Room room;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private boolean taken;

    Turns(Room room) {
        this.room = room;
    }

    <T> Future<T> take(Supplier<Future<T>> edit) {
        if (waiting.size() >= WAITING) {
            return Future.failedFuture(Problem.of(ProblemCode.OVERLOADED, "Too many edits wait for this document."));
        }
        Promise<T> promise = Promise.promise();
        room.hold();
        waiting.add(() -> started(edit)
                .onComplete(done -> room.loop().run(() -> {
                    room.release();
                    taken = false;
                    promise.handle(done);
                    room.loop().post(this::next);
                })));
        next();
        return promise.future();
    }

    private void next() {
        if (!taken && !waiting.isEmpty()) {
            taken = true;
            waiting.remove().run();
        }
    }

    private static <T> Future<T> started(Supplier<Future<T>> edit) {
        try {
            return edit.get();
        } catch (RuntimeException failure) {
            return Future.failedFuture(failure);
        }
    }
}
