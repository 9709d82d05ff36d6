package ai.materi.platform.call;

import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The header {@code traceparent} of W3C Trace Context: {@code 00-<32 hex trace>-<16 hex parent>-<2 hex flags>}. */
public final class Traceparent {
    private static final Pattern VALID = Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    private Traceparent() {}

    /** The header that came if it is valid, else a new one that is not sampled. */
    public static String continued(@Nullable String header) {
        return header != null && header.length() == 55 && VALID.matcher(header).matches() ? header : fresh();
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
        return traceparent.length() == 55 ? traceparent.substring(3, 35) : null;
    }
}
