package ai.materi.platform.grpc;

import ai.materi.platform.call.CallContext;
import ai.materi.platform.problem.GrpcProblem;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.MultiMap;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.GrpcStatus;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the end of a call to another node means here. */
final class Statuses {
    private Statuses() {}

    /** The problem in a response's status; a failure before any status is the connection's. */
    static Problem problem(GrpcClientResponse<?, ?> response, Throwable failure) {
        GrpcStatus status = response.status();
        if (status == null || status == GrpcStatus.OK) {
            return failure instanceof Problem problem ? problem : lost();
        }
        String message = field(response, "grpc-message");
        return new GrpcProblem(status, message == null ? "" : unescaped(message), field(response, GrpcProblem.MEMBERS))
                .toProblem();
    }

    /** A failure without a response: nobody there, or cut off, perhaps by our own deadline. */
    static Problem problem(Throwable failure, CallContext call) {
        if (failure instanceof Problem problem) {
            return problem;
        }
        return call.deadline() != null && call.remaining(Duration.ofMillis(1)).isZero()
                ? Problem.of(ProblemCode.TIMED_OUT, "The other node did not answer in time.")
                : lost();
    }

    private static Problem lost() {
        return Problem.of(ProblemCode.UNAVAILABLE, "The node that offers this cannot be reached.");
    }

    /** A refusal without any message carries its status in the head, every other one in the trailers. */
    private static @Nullable String field(GrpcClientResponse<?, ?> response, String name) {
        MultiMap trailers = response.trailers();
        String value = trailers == null ? null : trailers.get(name);
        return value == null ? response.headers().get(name) : value;
    }

    /**
     * Escapes what is not printable ASCII, and the percent sign (PROTOCOL-HTTP2, "Percent-Encoded"). Vert.x escapes
     * punctuation too, which clients that decode as JavaScript's {@code decodeURI} does leave standing.
     */
    static String escaped(String message) {
        StringBuilder escaped = new StringBuilder();
        for (byte octet : message.getBytes(StandardCharsets.UTF_8)) {
            if (octet >= ' ' && octet <= '~' && octet != '%') {
                escaped.append((char) octet);
            } else {
                escaped.append(String.format("%%%02X", octet));
            }
        }
        return escaped.toString();
    }

    /** gRPC percent-encodes its messages (PROTOCOL-HTTP2, "Status-Message"); a plus sign stands for itself there. */
    private static String unescaped(String message) {
        try {
            return URLDecoder.decode(message.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return message;
        }
    }
}
