package ai.materi.platform.node;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Named, sized pools of threads for work that would block an event loop: hashing, rendering, parsing of large input. */
public final class Workers {
    private final Vertx vertx;

    private Workers(Vertx vertx) {
        this.vertx = vertx;
    }

    public static Workers create(Vertx vertx) {
        return new Workers(vertx);
    }

    /**
     * A pool that closes with the node.
     *
     * @param threads at work at once
     * @param maxWaiting tasks that may wait; more are refused as {@code overloaded}
     * @param warnAfter a task that takes longer is reported in the log
     */
    public Pool pool(String name, int threads, int maxWaiting, Duration warnAfter) {
        WorkerExecutor executor = vertx.createSharedWorkerExecutor(
                "materi-" + name, threads, warnAfter.toMillis(), TimeUnit.MILLISECONDS);
        return new Pool(executor, name, threads + maxWaiting);
    }

    /** One such pool; tasks run in no particular order, their results come back on the caller's context. */
    public static final class Pool {
        private final WorkerExecutor executor;
        private final String name;
        private final int bound;
        private final AtomicInteger inside = new AtomicInteger();

        private Pool(WorkerExecutor executor, String name, int bound) {
            this.executor = executor;
            this.name = name;
            this.bound = bound;
        }

        public <T> Future<T> run(Callable<T> task) {
            if (inside.incrementAndGet() > bound) {
                inside.decrementAndGet();
                return Future.failedFuture(
                        Problem.of(ProblemCode.OVERLOADED, "Too much " + name + " work waits to be done."));
            }
            return executor.executeBlocking(task, false).onComplete(done -> inside.decrementAndGet());
        }
    }
}
