package ai.materi.platform.http;

import ai.materi.platform.call.CallContext;
import ai.materi.platform.problem.Problems;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** {@code /healthz} is the event loop alone; {@code /readyz} asks every dependency, and is 503 as soon as a drain begins. */
final class Probes {
    private final Supplier<Future<Readiness>> readiness;
    private final BooleanSupplier draining;
    private final Degradation degradation;

    Probes(Supplier<Future<Readiness>> readiness, BooleanSupplier draining, Degradation degradation) {
        this.readiness = readiness;
        this.draining = draining;
        this.degradation = degradation;
    }

    static void alive(RoutingContext rc) {
        answer(rc, 200, new JsonObject().put("status", "alive"));
    }

    void ready(RoutingContext rc) {
        readiness.get().onSuccess(state -> report(rc, state)).onFailure(failure -> report(rc, unknown(rc, failure)));
    }

    private static Readiness unknown(RoutingContext rc, Throwable failure) {
        String detail = Problems.settle(failure, "GET " + rc.request().path()).detail();
        return new Readiness(false, Map.of("readiness", detail));
    }

    private void report(RoutingContext rc, Readiness state) {
        boolean leaving = draining.getAsBoolean();
        String status = leaving ? "draining" : state.ready() ? "ready" : "not_ready";
        JsonObject dependencies = new JsonObject();
        new TreeMap<>(state.dependencies()).forEach(dependencies::put);
        answer(
                rc,
                status.equals("ready") ? 200 : 503,
                new JsonObject()
                        .put("status", status)
                        .put("degradation", degradation.level().word())
                        .put("reasons", new JsonArray(degradation.reasons()))
                        .put("dependencies", dependencies)
                        .put("request_id", CallContext.current().requestId()));
    }

    private static void answer(RoutingContext rc, int status, JsonObject body) {
        rc.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(body.toBuffer());
    }
}
