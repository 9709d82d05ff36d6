package ai.materi.platform.http;

import ai.materi.platform.call.CallContext;
import ai.materi.platform.call.Traceparent;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.function.BooleanSupplier;

/** What happens to every request before its router runs: it gets its id and context, its headers, its measurement. */
final class Entrance implements Handler<RoutingContext> {
    /** For answers of the API; the page sets its own. */
    private static final String NO_CONTENT_OF_OTHERS = "default-src 'none'; frame-ancestors 'none'";

    private final String mount;
    private final Cors cors;
    private final Degradation degradation;
    private final AccessMetrics metrics;
    private final BooleanSupplier draining;

    Entrance(String mount, Cors cors, Degradation degradation, AccessMetrics metrics, BooleanSupplier draining) {
        this.mount = mount;
        this.cors = cors;
        this.degradation = degradation;
        this.metrics = metrics;
        this.draining = draining;
    }

    @Override
    public void handle(RoutingContext rc) {
        long started = System.nanoTime();
        HttpServerRequest request = rc.request();
        CallContext call = contextOf(request);
        call.enter();
        setHeaders(request.response().headers(), call.requestId());
        rc.addEndHandler(ended -> metrics.record(rc, mount, started));
        if (!cors.handle(request)) {
            rc.next();
        }
    }

    static CallContext contextOf(HttpServerRequest request) {
        return CallContext.anonymous(
                RequestId.continued(request.getHeader(RequestId.HEADER)),
                Traceparent.continued(request.getHeader("traceparent")));
    }

    private void setHeaders(MultiMap headers, String requestId) {
        headers.set(RequestId.HEADER, requestId)
                .set(Degradation.HEADER, degradation.header())
                .set("X-Content-Type-Options", "nosniff")
                .set("X-Frame-Options", "DENY")
                .set("Referrer-Policy", "no-referrer")
                .set("Content-Security-Policy", NO_CONTENT_OF_OTHERS);
        if (draining.getAsBoolean()) {
            // A kept-alive connection would hold the load balancer to a node that is going away.
            headers.set(HttpHeaders.CONNECTION, "close");
        }
    }
}
