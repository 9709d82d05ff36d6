package ai.materi.collab.service;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A bound for work that takes much memory; what comes over it is refused. */
final class AtOnce {
    private final int most;
    private final AtomicInteger running = new AtomicInteger();

    AtOnce(int most) {
        this.most = most;
    }

    /** Fails with {@code overloaded} when too much runs already. */
    <T> Future<T> run(Supplier<Future<T>> work) {
        if (running.incrementAndGet() > most) {
            running.decrementAndGet();
            return Future.failedFuture(
                    Problem.of(ProblemCode.OVERLOADED, "Too many ask for the history of documents at once."));
        }
        return Future.<Void>succeededFuture().compose(none -> work.get()).onComplete(done -> running.decrementAndGet());
    }
}
