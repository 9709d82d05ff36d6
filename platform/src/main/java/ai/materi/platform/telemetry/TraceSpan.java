package ai.materi.platform.telemetry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.Context;

/** Work that is traced, from when it was made until its end. May be used on any thread. What never ends is never sent. */
public final class TraceSpan {
    /** Of work that is not traced; so are all its parts. */
    public static final TraceSpan NONE = new TraceSpan(TracerProvider.noop().get(""), Span.getInvalid());

    private final Tracer tracer;
    private final Span span;

    TraceSpan(Tracer tracer, Span span) {
        this.tracer = tracer;
        this.span = span;
    }

    /** A part of it, which begins now and may end after it. */
    public TraceSpan part(String name) {
        if (this == NONE) {
            return NONE;
        }
        return new TraceSpan(
                tracer,
                tracer.spanBuilder(name).setParent(Context.root().with(span)).startSpan());
    }

    public TraceSpan with(String key, Object value) {
        if (this != NONE) {
            span.setAttribute(key, value.toString());
        }
        return this;
    }

    public void end() {
        span.end();
    }
}
