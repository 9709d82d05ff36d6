package ai.materi.gateway.sse;

import ai.materi.gateway.http.Call;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The header with which a client comes back to a stream of events (HTML standard, 9.2.4). */
public final class LastEventId {
    private static final String HEADER = "Last-Event-ID";
    private static final int MAX_DIGITS = 18;

    private LastEventId() {}

    /** Empty when the client has not seen anything; {@code invalid_request} for what is no number. */
    public static Optional<Long> of(Call call) {
        @Nullable String header = call.header(HEADER);
        if (header == null || header.isEmpty()) {
            return Optional.empty();
        }
        if (header.length() > MAX_DIGITS || !header.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw Problem.of(
                    ProblemCode.INVALID_REQUEST, HEADER + " is the number of an event.", Map.of("header", HEADER));
        }
        return Optional.of(Long.parseLong(header));
    }
}
