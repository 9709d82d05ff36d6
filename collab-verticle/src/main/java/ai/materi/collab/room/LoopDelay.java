package ai.materi.collab.room;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How late an event loop comes to what is due, asked many times a second: what whoever is served by it has to wait because of
 * one long slice, or of a crowd of short ones.
 */
final class LoopDelay {
    private static final long EVERY_MS = 50;

    private final Vertx vertx;
    private final Timer delay;
    private final long timer;
    private long dueAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(EVERY_MS);

    /** On the loop that is to be measured. */
    LoopDelay(Vertx vertx, MeterRegistry meters) {
        this.vertx = vertx;
        this.delay = Timer.builder("materi.collab.loop.delay")
                .description("How late an event loop came to what was due")
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofSeconds(10))
                .register(meters);
        this.timer = vertx.setPeriodic(EVERY_MS, tick -> come(System.nanoTime()));
    }

    private void come(long now) {
        delay.record(Math.max(0, now - dueAt), TimeUnit.NANOSECONDS);
        dueAt = now + TimeUnit.MILLISECONDS.toNanos(EVERY_MS);
    }

    void stop() {
        vertx.cancelTimer(timer);
    }
}
