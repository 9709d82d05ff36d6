package ai.materi.platform.postgres;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Measures what a role asks of the database, waiting included, and translates its failures. */
final class QueryTimer {
    private final String role;
    private final Timer timer;

    QueryTimer(MeterRegistry meters, String role, String kind) {
        this.role = role;
        this.timer = Timer.builder("materi.database")
                .description("Time from asking the database to its answer, waiting for a connection included")
                .tag("role", role)
                .tag("kind", kind)
                .serviceLevelObjectives(
                        Duration.ofMillis(1),
                        Duration.ofMillis(5),
                        Duration.ofMillis(15),
                        Duration.ofMillis(50),
                        Duration.ofMillis(250),
                        Duration.ofSeconds(1))
                .register(meters);
    }

    <T> Future<T> watch(Future<T> asked) {
        long begin = System.nanoTime();
        return asked.transform(answer -> {
            timer.record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
            return answer.succeeded() ? asked : Future.failedFuture(DatabaseFailure.of(answer.cause(), role));
        });
    }
}
