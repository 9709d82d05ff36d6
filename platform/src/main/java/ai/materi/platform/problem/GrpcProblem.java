package ai.materi.platform.problem;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.grpc.common.GrpcStatus;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A problem on the gRPC wire: the status of its code, a message {@code code: detail}, and the extension members as JSON in
 * the trailer {@value #MEMBERS}.
 *
 * @param members base64 of the JSON (gRPC over HTTP/2: the key's suffix {@code -bin}); null when there are none, or more
 *     than {@value #MAX_MEMBERS} bytes of them
 */
public record GrpcProblem(
        GrpcStatus status, String message, @Nullable String members) {

    /** The trailer that carries the extension members. */
    public static final String MEMBERS = "materi-problem-bin";

    /** Peers bound their header lists at 8 kB: members beyond this are left out. */
    private static final int MAX_MEMBERS = 4096;

    private static final Pattern MESSAGE = Pattern.compile("([a-z_]{1,40}): (.*)", Pattern.DOTALL);

    /** The form in which a problem leaves this node. */
    public static GrpcProblem of(Problem problem) {
        ProblemCode code = problem.code();
        return new GrpcProblem(code.grpcStatus(), code.code() + ": " + problem.detail(), encode(problem.members()));
    }

    /** The problem that a peer meant; a status that no Materi node wrote becomes the code closest to it. */
    public Problem toProblem() {
        Matcher parts = MESSAGE.matcher(message);
        ProblemCode code = parts.matches() ? ProblemCode.named(parts.group(1)) : null;
        if (code == null || code.grpcStatus() != status) {
            ProblemCode closest = ProblemCode.ofGrpcStatus(status);
            return Problem.of(closest, closest.title() + ".");
        }
        return Problem.of(code, parts.group(2), decode(members));
    }

    private static @Nullable String encode(Map<String, Object> members) {
        if (members.isEmpty()) {
            return null;
        }
        byte[] json = new JsonObject(members).toBuffer().getBytes();
        return json.length > MAX_MEMBERS
                ? null
                : Base64.getEncoder().withoutPadding().encodeToString(json);
    }

    private static Map<String, Object> decode(@Nullable String members) {
        if (members == null || members.length() > 2 * MAX_MEMBERS) {
            return Map.of();
        }
        try {
            return new JsonObject(Buffer.buffer(Base64.getDecoder().decode(members))).getMap();
        } catch (IllegalArgumentException | DecodeException | ClassCastException e) {
            // A peer's garbled extension must not hide the problem itself.
            return Map.of();
        }
    }
}
