package ai.materi.platform.resilience;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Tries again, a bounded number of times, after pauses that double and are spread at random over their whole length, so
 * that those who failed together do not come back together.
 *
 * @param attempts the first one included, at least 1
 * @param firstPause before the second attempt, at most
 * @param longestPause before any
 */
public record Retry(int attempts, Duration firstPause, Duration longestPause) {
    private static final int MAX_ATTEMPTS = 1000;

    public Retry {
        if (attempts < 1 || attempts > MAX_ATTEMPTS) {
            throw new IllegalArgumentException("attempts must be between 1 and " + MAX_ATTEMPTS);
        }
        if (firstPause.isNegative() || longestPause.compareTo(firstPause) < 0) {
            throw new IllegalArgumentException("pauses must be positive and the longest not shorter than the first");
        }
    }

    /** Fails as the last attempt did, or as the first that {@code worthwhile} denies. */
    public <T> Future<T> run(Vertx vertx, Supplier<Future<T>> task, Predicate<Throwable> worthwhile) {
        return attempt(vertx, task, worthwhile, 1);
    }

    private <T> Future<T> attempt(Vertx vertx, Supplier<Future<T>> task, Predicate<Throwable> worthwhile, int number) {
        return started(task).recover(failure -> {
            if (number >= attempts || !worthwhile.test(failure)) {
                return Future.failedFuture(failure);
            }
            return vertx.timer(pauseMillis(number)).compose(t -> attempt(vertx, task, worthwhile, number + 1));
        });
    }

    private static <T> Future<T> started(Supplier<Future<T>> task) {
        try {
            return task.get();
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private long pauseMillis(int number) {
        long ceiling = Math.min(longestPause.toMillis(), firstPause.toMillis() << Math.min(number - 1, 20));
        return 1 + ThreadLocalRandom.current().nextLong(Math.max(1, ceiling));
    }
}
