package ai.materi.platform.problem;

import java.io.Serial;
import java.util.Map;

/**
 * A refusal that its receiver can act on. It is thrown where it is known, crosses gRPC as a status whose message is
 * {@code code: detail}, and becomes a problem document once, at the gateway. Carries no stack trace: it is an answer, not
 * a defect.
 */
public final class Problem extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final ProblemCode code;
    private final transient Map<String, Object> members;

    private Problem(ProblemCode code, String detail, Map<String, Object> members) {
        super(detail, null, false, false);
        this.code = code;
        this.members = Map.copyOf(members);
    }

    public static Problem of(ProblemCode code, String detail) {
        return new Problem(code, detail, Map.of());
    }

    /** A problem with extension members (RFC 9457, 3.2), e.g. {@code retry_after} in seconds or {@code blocks}. */
    public static Problem of(ProblemCode code, String detail, Map<String, Object> members) {
        return new Problem(code, detail, members);
    }

    public ProblemCode code() {
        return code;
    }

    /** One sentence for the person who reads it. */
    public String detail() {
        return String.valueOf(getMessage());
    }

    public Map<String, Object> members() {
        return members;
    }
}
