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
    private final Counter resyncs;
    private final Counter presenceDrops;
    private final LimitMeters limits;
    private final Counter readOnly;
    private final Counter said;
    private final Counter unsaid;
    private final Timer acknowledgement;
    private final Timer fanOut;

    public RoomMeters(MeterRegistry meters) {
        this.meters = meters;
        this.updates = counter("materi.collab.updates", "Edits that were applied");
        this.refused = counter("materi.collab.updates.refused", "Edits that were refused because something was full");
        this.repairs = counter("materi.collab.repairs", "Times that a room read what it had missed from the log");
        this.resyncs = counter("materi.collab.resyncs", "Times that a reader was sent what it had been too slow for");
        this.presenceDrops = counter("materi.collab.presence.drops", "Presence states that were over a bound");
        this.limits = new LimitMeters(meters);
        this.readOnly = Counter.builder("materi.collab.updates.dropped")
                .description("Edits that were not applied, without an end to their sender's stay")
                .tag("reason", "read_only")
                .register(meters);
        this.said = stateless(meters, "broadcast");
        this.unsaid = stateless(meters, "dropped");
        this.acknowledgement =
                timer("materi.collab.acknowledgement", "From the arrival of an edit in its room to its commit");
        this.fanOut = timer(
                "materi.collab.fanout",
                "From the arrival of an edit in its room until it was written to the last socket of this node");
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

    void resynced() {
        resyncs.increment();
    }

    void presenceDropped() {
        presenceDrops.increment();
        limits.met(Limit.PRESENCE);
    }

    /** An edit of somebody who may only read was dropped. */
    void dropped() {
        readOnly.increment();
    }

    /** What an application said went to everybody. */
    void said() {
        said.increment();
    }

    /** The same went to nobody, since its sender may only read or nobody may say such things here. */
    void unsaid() {
        unsaid.increment();
    }

    private static Counter stateless(MeterRegistry meters, String outcome) {
        return Counter.builder("materi.collab.stateless")
                .description("Stateless messages of applications, by what became of them")
                .tag("outcome", outcome)
                .register(meters);
    }

    void fannedOut(long nanos) {
        fanOut.record(Duration.ofNanos(nanos));
    }

    void committed(long nanos) {
        acknowledgement.record(Duration.ofNanos(nanos));
    }

    private Timer timer(String name, String description) {
        return Timer.builder(name)
                .description(description)
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofNanos(100_000))
                .maximumExpectedValue(Duration.ofSeconds(10))
                .register(meters);
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(meters);
    }
}
