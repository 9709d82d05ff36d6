package ai.materi.gateway.http;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.platform.problem.Problems;

/** Failures as replies, so that a refusal can be kept under an idempotency key like any other answer. */
final class ProblemReplies {
    private ProblemReplies() {}

    static Reply.Content of(Problem problem, String requestId) {
        int status = problem.code().httpStatus();
        Reply.Content reply = Reply.of(
                        status,
                        Problems.MEDIA_TYPE,
                        Problems.document(problem, requestId).toBuffer())
                .with("cache-control", "no-store");
        if (problem.members().get("retry_after") instanceof Number seconds) {
            reply = reply.with("retry-after", seconds.toString());
        }
        return status == 401 ? reply.with("www-authenticate", challenge(problem.code())) : reply;
    }

    // RFC 6750, 3.1: no error code when the request had no token at all.
    private static String challenge(ProblemCode code) {
        return code == ProblemCode.UNAUTHENTICATED || code == ProblemCode.INVALID_CREDENTIALS
                ? "Bearer realm=\"materi\""
                : "Bearer realm=\"materi\", error=\"invalid_token\"";
    }
}
