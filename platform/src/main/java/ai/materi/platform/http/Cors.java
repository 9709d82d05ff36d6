package ai.materi.platform.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/**
 * Cross-origin requests by allow-list (Fetch standard, "CORS protocol"). A page that is not on the list gets no permission:
 * its browser keeps the answer from it.
 */
final class Cors {
    private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";
    private static final String HEADERS = "Authorization, Content-Type, If-Match, If-None-Match, Materi-Base, "
            + "Idempotency-Key, Last-Event-ID, X-Request-Id, X-CSRF-Token, traceparent";
    private static final String EXPOSED =
            "ETag, Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id, " + Degradation.HEADER;
    private static final String MAX_AGE_SECONDS = "600";

    private final Origins origins;

    Cors(Origins origins) {
        this.origins = origins;
    }

    /** Sets the headers; true when this was a preflight and has been answered. */
    boolean handle(HttpServerRequest request) {
        String origin = Origins.of(request);
        if (origin == null) {
            return false;
        }
        HttpServerResponse response = request.response().putHeader(HttpHeaders.VARY, "Origin");
        boolean allowed = origins.allows(request, origin);
        if (allowed) {
            response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin)
                    .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true")
                    .putHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        }
        return isPreflight(request) && answer(response, allowed);
    }

    private static boolean isPreflight(HttpServerRequest request) {
        return HttpMethod.OPTIONS.equals(request.method())
                && request.headers().contains(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
    }

    private static boolean answer(HttpServerResponse response, boolean allowed) {
        if (allowed) {
            response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, METHODS)
                    .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, HEADERS)
                    .putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, MAX_AGE_SECONDS);
        }
        response.setStatusCode(204).end();
        return true;
    }
}
