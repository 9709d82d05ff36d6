package ai.materi.platform.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How long requests take, by route template, method and status; what streams (SSE, sockets) is counted elsewhere. */
final class AccessMetrics {
    private record Key(String route, String method, int status) {}

    /** A client may invent methods; labels may not grow with them. */
    private static final int MAX_TIMERS = 2000;

    private static final Duration[] OBJECTIVES = {
        Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(25), Duration.ofMillis(50),
        Duration.ofMillis(100), Duration.ofMillis(250), Duration.ofMillis(500), Duration.ofSeconds(1),
        Duration.ofSeconds(5), Duration.ofSeconds(30)
    };

    private final MeterRegistry meters;
    private final Map<Key, Timer> timers = new ConcurrentHashMap<>();

    AccessMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    void record(RoutingContext rc, String mount, long startedNanos) {
        HttpServerResponse response = rc.response();
        if (response.getStatusCode() == 101 || isEventStream(response)) {
            return;
        }
        String route = rc.get(HttpDoor.ROUTE, mount);
        Key key = new Key(route, rc.request().method().name(), response.getStatusCode());
        Timer timer = timers.size() < MAX_TIMERS ? timers.computeIfAbsent(key, this::timer) : timers.get(key);
        if (timer != null) {
            timer.record(Duration.ofNanos(System.nanoTime() - startedNanos));
        }
    }

    private static boolean isEventStream(HttpServerResponse response) {
        String type = response.headers().get(HttpHeaders.CONTENT_TYPE);
        return type != null && type.startsWith("text/event-stream");
    }

    private Timer timer(Key key) {
        return Timer.builder("materi.http.requests")
                .description("Time from the request's head to the response's end")
                .tag("route", key.route())
                .tag("method", key.method())
                .tag("status", Integer.toString(key.status()))
                .serviceLevelObjectives(OBJECTIVES)
                .register(meters);
    }
}
