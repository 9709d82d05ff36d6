package ai.materi.platform.problem;

import ai.materi.platform.call.CallContext;
import io.netty.handler.timeout.TimeoutException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where a failure becomes an answer: a problem document (RFC 9457) with the stable {@code code} and the
 * request's id. What is not a {@link Problem} is a defect: it is logged once, at ERROR, and its receiver learns nothing but
 * {@code internal}.
 */
public final class Problems {
    /** RFC 9457, 3. */
    public static final String MEDIA_TYPE = "application/problem+json";

    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    /** The statuses that vertx-web decides on its own, outside any failure handler. */
    private static final List<Integer> ROUTER_STATUSES = List.of(400, 404, 405, 406, 413, 414, 415, 500, 501);

    private Problems() {}

    /** What a failure says to its receiver. Anything unknown is {@code internal}, without its message. */
    public static Problem of(Throwable failure) {
        if (failure instanceof Problem problem) {
            return problem;
        }
        if (failure instanceof HttpException http) {
            return ofStatus(http.getStatusCode());
        }
        if (failure instanceof DecodeException) {
            return Problem.of(ProblemCode.MALFORMED_JSON, "The body could not be read as JSON.");
        }
        if (failure instanceof java.util.concurrent.TimeoutException || failure instanceof TimeoutException) {
            return Problem.of(ProblemCode.TIMED_OUT, "No answer came in time.");
        }
        return Problem.of(ProblemCode.INTERNAL, "The failure has been logged under this request's id.");
    }

    /** Like {@link #of}, and writes defects to the log: for the last one who sees a failure. */
    public static Problem settle(Throwable failure, String what) {
        Problem problem = of(failure);
        if (problem.code() == ProblemCode.INTERNAL && problem != failure) {
            LOG.error("{} failed (request {})", what, CallContext.current().requestId(), failure);
        }
        return problem;
    }

    /** Makes a router answer in problem documents, whatever fails in it or is not found. */
    public static void guard(Router router) {
        router.route().last().failureHandler(Problems::render);
        for (int status : ROUTER_STATUSES) {
            router.errorHandler(status, rc -> render(rc, status));
        }
    }

    /** A failure handler for any route. */
    public static void render(RoutingContext rc) {
        render(rc, rc.statusCode());
    }

    private static void render(RoutingContext rc, int status) {
        Throwable failure = rc.failure();
        Problem problem = failure == null || (status != 500 && !(failure instanceof Problem))
                ? ofStatus(status)
                : settle(failure, describe(rc.request()));
        send(rc.request(), problem);
    }

    /** Answers with a problem; a response that has begun already is cut, so that nobody takes it for complete. */
    public static void send(HttpServerRequest request, Problem problem) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        if (response.headWritten()) {
            response.reset();
            return;
        }
        write(request, response, problem);
    }

    private static void write(HttpServerRequest request, HttpServerResponse response, Problem problem) {
        Buffer body = document(problem, CallContext.current().requestId()).toBuffer();
        response.setStatusCode(problem.code().httpStatus())
                .putHeader(HttpHeaders.CONTENT_TYPE, MEDIA_TYPE)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        if (problem.members().get("retry_after") instanceof Number seconds) {
            response.putHeader(HttpHeaders.RETRY_AFTER, Long.toString(seconds.longValue()));
        }
        if (problem.code() == ProblemCode.UNAUTHENTICATED || problem.code() == ProblemCode.INVALID_TOKEN) {
            response.putHeader("WWW-Authenticate", "Bearer");
        }
        if (HttpMethod.HEAD.equals(request.method())) {
            response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()))
                    .end();
        } else {
            response.end(body);
        }
    }

    /** The problem document: {@code type}, {@code title}, {@code status}, {@code detail}, {@code code}, {@code request_id}. */
    public static JsonObject document(Problem problem, String requestId) {
        JsonObject document = new JsonObject();
        problem.members().forEach(document::put);
        ProblemCode code = problem.code();
        return document.put("type", "/problems/" + code.code())
                .put("title", code.title())
                .put("status", code.httpStatus())
                .put("detail", problem.detail())
                .put("code", code.code())
                .put("request_id", requestId);
    }

    private static Problem ofStatus(int status) {
        ProblemCode code = ProblemCode.ofHttpStatus(status);
        return Problem.of(code, code.title() + ".");
    }

    /** Without the query, which may carry a ticket. */
    private static String describe(HttpServerRequest request) {
        return request.method() + " " + request.path();
    }
}
