package ai.materi.collab.room;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.Supplier;

/** What rooms measure. */
public final class RoomMeters {
    private final MeterRegistry meters;
    private final Counter updates;
    private final Counter refused;
    private final Counter repairs;
    private final Counter presenceDrops;
    private final LimitMeters limits;
    private final Timer acknowledgement;

    public RoomMeters(MeterRegistry meters) {
        this.meters = meters;
        this.updates = counter("materi.collab.updates", "Edits that were applied");
        this.refused = counter("materi.collab.updates.refused", "Edits that were refused because something was full");
        this.repairs = counter("materi.collab.repairs", "Times that a room read what it had missed from the log");
        this.presenceDrops = counter("materi.collab.presence.drops", "Presence states that were over a bound");
        this.limits = new LimitMeters(meters);
        this.acknowledgement = Timer.builder("materi.collab.acknowledgement")
                .description("From the arrival of an edit in its room to its commit")
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofNanos(100_000))
                .maximumExpectedValue(Duration.ofSeconds(10))
                .register(meters);
    }

    void rooms(Supplier<Number> count) {
        Gauge.builder("materi.collab.rooms", count)
                .description("Live documents")
                .register(meters);
    }

    void updated() {
        updates.increment();
    }

    /** An edit was refused. */
    void refused(Limit limit) {
        refused.increment();
        limits.met(limit);
    }

    void met(Limit limit) {
        limits.met(limit);
    }

    void repaired() {
        repairs.increment();
    }

    void presenceDropped() {
        presenceDrops.increment();
        limits.met(Limit.PRESENCE);
    }

    void committed(long nanos) {
        acknowledgement.record(Duration.ofNanos(nanos));
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(meters);
    }
}
