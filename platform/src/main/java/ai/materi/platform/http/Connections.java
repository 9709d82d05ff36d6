package ai.materi.platform.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** How many connections are open on this node, and that they never are more than allowed. */
final class Connections {
    private final int max;
    private final AtomicInteger open = new AtomicInteger();
    private final Counter refused;

    Connections(int max, MeterRegistry meters) {
        this.max = max;
        Gauge.builder("materi.http.connections", open, AtomicInteger::get)
                .description("Open connections, sockets included")
                .register(meters);
        refused = Counter.builder("materi.http.connections.refused")
                .description("Connections closed because max_connections were open")
                .register(meters);
    }

    boolean enter() {
        if (open.incrementAndGet() <= max) {
            return true;
        }
        open.decrementAndGet();
        refused.increment();
        return false;
    }

    void leave() {
        open.decrementAndGet();
    }
}
