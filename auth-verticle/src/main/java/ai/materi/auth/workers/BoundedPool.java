package ai.materi.auth.workers;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/** Named threads for work that would hold up an event loop, and a bound on how much of it may wait. */
public final class BoundedPool {
    private final WorkerExecutor workers;
    private final int limit;
    private final AtomicInteger inside = new AtomicInteger();

    /**
     * @param threads that work at the same time
     * @param queue how much may wait for them
     */
    public BoundedPool(Vertx vertx, String name, int threads, int queue) {
        this.workers = vertx.createSharedWorkerExecutor(name, threads);
        this.limit = threads + queue;
    }

    /** Fails with {@code overloaded} at once when the queue is full. */
    public <T> Future<T> run(Callable<T> work) {
        if (inside.incrementAndGet() > limit) {
            inside.decrementAndGet();
            return Future.failedFuture(
                    Problem.of(ProblemCode.OVERLOADED, "Too many people are signing in at once; try again shortly."));
        }
        return workers.executeBlocking(work, false).onComplete(done -> inside.decrementAndGet());
    }

    /** What is running and what waits. */
    public int depth() {
        return inside.get();
    }

    public Future<Void> close() {
        return workers.close();
    }
}
