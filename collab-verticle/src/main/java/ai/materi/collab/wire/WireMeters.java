package ai.materi.collab.wire;

import ai.materi.collab.room.Ending;
import ai.materi.collab.room.Limit;
import ai.materi.collab.room.LimitMeters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** What the wires measure. */
final class WireMeters {
    private final Map<Ending, Counter> endings = new EnumMap<>(Ending.class);
    private final LimitMeters limits;
    private final Counter received;
    private final Counter sent;
    private final Counter withheld;

    WireMeters(MeterRegistry meters, Supplier<Number> sockets, Supplier<Number> unsent) {
        for (Ending ending : Ending.values()) {
            endings.put(
                    ending,
                    Counter.builder("materi.collab.endings")
                            .description("Stays that the server ended, by reason")
                            .tag("reason", ending.name().toLowerCase(Locale.ROOT))
                            .register(meters));
        }
        this.limits = new LimitMeters(meters);
        this.received = Counter.builder("materi.collab.messages.received")
                .description("Messages from sockets")
                .register(meters);
        this.sent = Counter.builder("materi.collab.messages.sent")
                .description("Messages to sockets")
                .register(meters);
        this.withheld = Counter.builder("materi.collab.messages.withheld")
                .description("Messages that were not sent to a reader because too much waited for it")
                .register(meters);
        Gauge.builder("materi.collab.unsent", unsent)
                .description("Bytes that wait for readers, looked at every second")
                .baseUnit("bytes")
                .register(meters);
        Gauge.builder("materi.collab.sockets", sockets)
                .description("Open sockets of both wires")
                .register(meters);
    }

    @SuppressWarnings("NullAway") // every ending was put in
    void ended(Ending ending) {
        endings.get(ending).increment();
        if (ending == Ending.FRAME_TOO_LARGE) {
            limits.met(Limit.FRAME);
        }
    }

    void met(Limit limit) {
        limits.met(limit);
    }

    void received() {
        received.increment();
    }

    void sent() {
        sent.increment();
    }

    void withheld() {
        withheld.increment();
    }
}
