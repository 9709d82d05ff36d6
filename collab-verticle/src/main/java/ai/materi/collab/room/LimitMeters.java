package ai.materi.collab.room;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/** Counts how often each limit was met. May be called on any thread. */
public final class LimitMeters {
    private final Map<Limit, Counter> met = new EnumMap<>(Limit.class);

    public LimitMeters(MeterRegistry meters) {
        for (Limit limit : Limit.values()) {
            met.put(
                    limit,
                    Counter.builder("materi.collab.limits")
                            .description("Times that a limit was met, by its name")
                            .tag("limit", limit.word())
                            .register(meters));
        }
    }

    @SuppressWarnings("NullAway") // every limit was put in
    public void met(Limit limit) {
        met.get(limit).increment();
    }
}
