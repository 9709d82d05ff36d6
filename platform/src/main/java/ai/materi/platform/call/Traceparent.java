package ai.materi.platform.call;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The header {@code traceparent} of W3C Trace Context: {@code 00-<32 hex trace>-<16 hex parent>-<2 hex flags>}. */
public final class Traceparent {
    private static final Pattern VALID = Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");
    private static final int LENGTH = 55;
    private static final int FLAGS_AT = 53;

    private Traceparent() {}

    /** The span of this request where tracing is on, else the header that came, else a new trace that is not sampled. */
    public static String continued(@Nullable String header) {
        SpanContext span = Span.current().getSpanContext();
        if (span.isValid()) {
            return "00-" + span.getTraceId() + "-" + span.getSpanId() + "-"
                    + span.getTraceFlags().asHex();
        }
        return header != null
                        && header.length() == LENGTH
                        && VALID.matcher(header).matches()
                ? header
                : fresh();
    }

    /** Whether the tracer of Vert.x writes the header of calls that leave now: a second one would void both. */
    public static boolean writtenByTracer() {
        return Span.current().getSpanContext().isValid();
    }

    /** Whether a header came that asks for its trace to be recorded. */
    public static boolean isSampled(@Nullable String header) {
        return header != null
                && header.length() == LENGTH
                && VALID.matcher(header).matches()
                && TraceFlags.fromHex(header, FLAGS_AT).isSampled();
    }

    /** The parent of spans that continue this trace. */
    public static Context context(String traceparent) {
        SpanContext parent = SpanContext.createFromRemoteParent(
                traceparent.substring(3, 35),
                traceparent.substring(36, 52),
                TraceFlags.fromHex(traceparent, FLAGS_AT),
                TraceState.getDefault());
        return Context.root().with(Span.wrap(parent));
    }

    private static String fresh() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        // The lowest bit is set so that neither id can be all zeros, which the format forbids.
        return "00-" + hex(random.nextLong()) + hex(random.nextLong() | 1) + "-" + hex(random.nextLong() | 1) + "-00";
    }

    private static String hex(long value) {
        String digits = Long.toHexString(value);
        return "0".repeat(16 - digits.length()) + digits;
    }

    static @Nullable String traceId(String traceparent) {
        return traceparent.length() == LENGTH ? traceparent.substring(3, 35) : null;
    }
}
