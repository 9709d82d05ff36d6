package ai.materi.platform.http;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.platform.problem.Problems;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/** Answers what the decoder could not read as HTTP, and hangs up: the rest of the connection cannot be trusted. */
final class InvalidRequest implements Handler<HttpServerRequest> {
    @Override
    public void handle(HttpServerRequest request) {
        Entrance.contextOf(request).enter();
        request.response().putHeader(HttpHeaders.CONNECTION, "close");
        Problems.send(request, problem(request.decoderResult().cause()));
        request.connection().close();
    }

    private static Problem problem(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return Problem.of(ProblemCode.URI_TOO_LONG, "The request target is longer than this server reads.");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return Problem.of(ProblemCode.HEADERS_TOO_LARGE, "The header fields are larger than this server reads.");
        }
        return Problem.of(ProblemCode.INVALID_REQUEST, "This is not valid HTTP.");
    }
}
