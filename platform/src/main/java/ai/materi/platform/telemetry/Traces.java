package ai.materi.platform.telemetry;

import ai.materi.platform.call.Traceparent;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Traces of work that no request spans: the tracer of Vert.x sees requests, not what goes over a socket afterwards. */
public final class Traces {
    private final @Nullable Tracer tracer;
    private final int oneIn;

    /**
     * @param tracer null when tracing is off
     * @param oneIn of how many pieces of work that belong to no trace one is traced; 0: none
     */
    Traces(@Nullable Tracer tracer, int oneIn) {
        this.tracer = tracer;
        this.oneIn = oneIn;
    }

    /**
     * Begins work, traced if it belongs to a trace, else by chance.
     *
     * @param traceparent of the trace that it belongs to, in the form of {@link Traceparent}; null when there is none
     */
    public TraceSpan begin(String name, @Nullable String traceparent) {
        Tracer active = tracer;
        if (active == null || (traceparent == null && !chosen())) {
            return TraceSpan.NONE;
        }
        SpanBuilder span = active.spanBuilder(name);
        span.setParent(traceparent == null ? Context.root() : Traceparent.context(traceparent));
        return new TraceSpan(active, span.startSpan());
    }

    private boolean chosen() {
        return oneIn > 0 && ThreadLocalRandom.current().nextInt(oneIn) == 0;
    }
}
