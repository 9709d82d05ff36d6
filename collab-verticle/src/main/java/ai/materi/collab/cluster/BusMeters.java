package ai.materi.collab.cluster;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;

/** What the bus between the nodes measures. */
public final class BusMeters {
    private final MeterRegistry meters;
    private final Counter withheld;
    private final Counter gaps;
    private final Counter malformed;

    public BusMeters(MeterRegistry meters) {
        this.meters = meters;
        this.withheld = counter("materi.collab.bus.withheld", "Messages not sent to a node that does not acknowledge");
        this.gaps = counter("materi.collab.bus.gaps", "Times that something from another node was missed");
        this.malformed = counter("materi.collab.bus.malformed", "Messages from other nodes that could not be read");
    }

    void watch(Supplier<Number> peers, Supplier<Number> unacknowledged) {
        gauge("materi.collab.bus.peers", "Other nodes that were heard of", peers);
        gauge("materi.collab.bus.unacknowledged", "Bytes that other nodes have not acknowledged", unacknowledged);
    }

    void withheld() {
        withheld.increment();
    }

    void gap() {
        gaps.increment();
    }

    void malformed() {
        malformed.increment();
    }

    private void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(meters);
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(meters);
    }
}
