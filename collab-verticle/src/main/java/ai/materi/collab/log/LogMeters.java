package ai.materi.collab.log;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.Supplier;

/** What the log measures. */
public final class LogMeters {
    private final MeterRegistry meters;
    private final Timer flushTime;
    private final DistributionSummary flushSize;
    private final Counter failures;
    private final Counter lost;
    private final Counter compactions;

    public LogMeters(MeterRegistry meters) {
        this.meters = meters;
        this.flushTime = Timer.builder("materi.collab.flush")
                .description("From the start of a flush to its commit")
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofNanos(100_000))
                .maximumExpectedValue(Duration.ofSeconds(10))
                .register(meters);
        this.flushSize = DistributionSummary.builder("materi.collab.flush.size")
                .description("Updates a flush")
                .register(meters);
        this.failures = Counter.builder("materi.collab.flush.failures")
                .description("Flushes that failed and were tried again or taken apart")
                .register(meters);
        this.lost = Counter.builder("materi.collab.log.lost")
                .description("Unacknowledged updates that the log refused for good")
                .register(meters);
        this.compactions = Counter.builder("materi.collab.compactions")
                .description("Logs that were folded into a snapshot")
                .register(meters);
    }

    void queue(Supplier<Number> entries, Supplier<Number> bytes) {
        Gauge.builder("materi.collab.queue.entries", entries)
                .description("Updates that wait for their commit")
                .register(meters);
        Gauge.builder("materi.collab.queue.bytes", bytes)
                .description("The same in bytes")
                .baseUnit("bytes")
                .register(meters);
    }

    public void tails(LogTails tails) {
        Gauge.builder("materi.collab.log.rows", () -> tails.sum(LogTails.Tail::rows))
                .description("Rows behind the snapshots of live documents")
                .register(meters);
        Gauge.builder("materi.collab.log.bytes", () -> tails.sum(LogTails.Tail::bytes))
                .description("The same in bytes")
                .baseUnit("bytes")
                .register(meters);
    }

    void flushed(int size, long nanos) {
        flushTime.record(Duration.ofNanos(nanos));
        flushSize.record(size);
    }

    void failed() {
        failures.increment();
    }

    void lost(int entries) {
        lost.increment(entries);
    }

    void compacted() {
        compactions.increment();
    }
}
