package ai.materi.platform.http;

import ai.materi.platform.config.ConfigException;
import ai.materi.platform.config.Settings;
import ai.materi.platform.config.TakenPort;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.VertxInternal;
import io.vertx.ext.web.Router;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The node's one HTTP server. Roles mount their routers before {@code Node.open()}; requests run on the event loop of
 * their connection, each in a Vert.x context of its own. {@code /healthz} and {@code /readyz} are always there; what no
 * router takes is 404, the paths of an absent role 503 {@code role_absent}.
 */
public final class HttpDoor {
    /** A handler may put the route's template here ({@code rc.put}), for the metrics; never a path with ids in it. */
    public static final String ROUTE = "materi.route";

    private static final String TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8";

    /** Where each role is at home. */
    private static final Map<String, List<String>> HOMES =
            Map.of("gateway", List.of("/", "/api", "/.well-known"), "collab", List.of("/collab", "/yjs"));

    /** What the door needs to know of its node. */
    public record Surroundings(
            List<String> roles,
            Supplier<Future<Readiness>> readiness,
            BooleanSupplier draining,
            Degradation degradation,
            PrometheusMeterRegistry meters) {}

    private final Vertx vertx;
    private final HttpSettings settings;
    private final String operatorHost;
    private final int operatorPort;
    private final Surroundings node;
    private final Probes probes;
    private final Origins websocketOrigins;
    private final Cors cors;
    private final AccessMetrics metrics;
    private final Map<String, Router> mounts = new LinkedHashMap<>();
    private final Map<String, Router> operatorMounts = new LinkedHashMap<>();
    private final List<Context> loops;
    private final AtomicInteger port;
    private @Nullable HttpServer operator;
    private @Nullable Listener listener;
    private boolean opened;

    private HttpDoor(Vertx vertx, Settings http, Settings operator, Surroundings node) {
        this.vertx = vertx;
        this.settings = HttpSettings.of(http);
        this.operatorHost = operator.string("host");
        this.operatorPort = operator.integer("port", 0, 65535);
        this.node = node;
        this.probes = new Probes(node.readiness(), node.draining(), node.degradation());
        this.websocketOrigins = new Origins(settings.websocketOrigins());
        this.cors = new Cors(new Origins(settings.corsOrigins()));
        this.metrics = new AccessMetrics(node.meters());
        this.port = new AtomicInteger(settings.port());
        this.loops = IntStream.range(0, settings.eventLoops())
                .<Context>mapToObj(number -> ((VertxInternal) vertx).createEventLoopContext())
                .toList();
    }

    /** From the sections {@code http} and {@code operator}; listens once it is opened. */
    public static HttpDoor create(Vertx vertx, Settings http, Settings operator, Surroundings node) {
        return new HttpDoor(vertx, http, operator, node);
    }

    /** Mounts a router at a path; the longest path wins ({@code "/"} is the page). Its failures become problem documents. */
    public void mount(String path, Router router) {
        put(mounts, path, router);
    }

    /** Mounts a router on the operator port. */
    public void mountOperator(String path, Router router) {
        put(operatorMounts, path, router);
    }

    /**
     * Whether a socket may be opened from where this request comes: from a program, from the own site, or from a site in
     * {@code http.websocket_origins}. Browsers do not ask before they open a socket, so its server has to.
     */
    public boolean websocketOriginAllowed(HttpServerRequest request) {
        String origin = Origins.of(request);
        return origin == null || websocketOrigins.allows(request, origin);
    }

    /** Listens on both ports; fails with a {@link ConfigException} of one line when one is taken. */
    public Future<Void> open() {
        opened = true;
        addProbes(mounts);
        addProbes(operatorMounts);
        operatorMounts.putIfAbsent("/metrics", metricsRouter());
        HOMES.forEach(this::answerForAbsent);
        mounts.putIfAbsent("/", Router.router(vertx));
        operatorMounts.putIfAbsent("/", Router.router(vertx));
        return openOperator().compose(v -> openPublic()).mapEmpty();
    }

    /** A context on each of the event loops that the public server's connections are on. */
    public List<Context> loops() {
        return loops;
    }

    /** Closes the public server; the operator's answers until the node has ended. */
    public Future<Void> close() {
        return listener == null ? Future.succeededFuture() : listener.close();
    }

    /** Where the public server listens; the configured port until it is open. */
    public int port() {
        return port.get();
    }

    /** Where the operator's server listens; the configured port until it is open. */
    public int operatorPort() {
        return operator == null ? operatorPort : operator.actualPort();
    }

    private void put(Map<String, Router> into, String path, Router router) {
        if (opened || !path.startsWith("/") || (path.length() > 1 && path.endsWith("/"))) {
            throw new IllegalArgumentException("Mount " + path + " before the door opens, at a path like /api/v1");
        }
        if (into.putIfAbsent(path, router) != null) {
            throw new IllegalArgumentException(path + " is taken by another router");
        }
    }

    private void addProbes(Map<String, Router> into) {
        into.putIfAbsent("/healthz", below("/healthz"));
        into.putIfAbsent("/readyz", below("/readyz"));
    }

    /** The probes are two exact paths: a router for each, so that the switchboard finds them first. */
    private Router below(String path) {
        Router router = Router.router(vertx);
        router.get("/").handler(path.equals("/healthz") ? Probes::alive : probes::ready);
        return router;
    }

    private Router metricsRouter() {
        Router router = Router.router(vertx);
        router.get("/")
                .handler(rc -> rc.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, TEXT_FORMAT)
                        .end(node.meters().scrape()));
        return router;
    }

    private void answerForAbsent(String role, List<String> paths) {
        if (!node.roles().contains(role)) {
            paths.forEach(path -> mounts.putIfAbsent(path, absent(role)));
        }
    }

    private Router absent(String role) {
        Router router = Router.router(vertx);
        router.route().handler(rc -> {
            throw Problem.of(ProblemCode.ROLE_ABSENT, "This node does not run the role " + role + ".");
        });
        return router;
    }

    private Future<Void> openOperator() {
        HttpServerOptions options = settings.serverOptions();
        return vertx.createHttpServer(options)
                .invalidRequestHandler(new InvalidRequest())
                .requestHandler(switchboard(operatorMounts))
                .listen(operatorPort, operatorHost)
                .onSuccess(server -> operator = server)
                .recover(failure ->
                        Future.failedFuture(TakenPort.explain(failure, "operator", operatorHost, operatorPort)))
                .mapEmpty();
    }

    private Future<Void> openPublic() {
        Connections connections = new Connections(settings.maxConnections(), node.meters());
        Switchboard switchboard = switchboard(mounts);
        Listener opening =
                new Listener(vertx, settings.serverOptions(), settings.host(), port, connections, switchboard);
        listener = opening;
        Future<Void> listening = Future.succeededFuture();
        for (Context loop : loops) {
            listening = listening.compose(done -> opening.start(loop));
        }
        return listening
                .recover(failure ->
                        Future.failedFuture(TakenPort.explain(failure, "http", settings.host(), settings.port())))
                .mapEmpty();
    }

    private Switchboard switchboard(Map<String, Router> routers) {
        Map<String, Router> ready = new LinkedHashMap<>();
        routers.forEach((path, router) -> ready.put(path, Switchboard.at(vertx, path, entrance(path), router)));
        return new Switchboard(ready);
    }

    private Entrance entrance(String path) {
        return new Entrance(path, cors, node.degradation(), metrics, node.draining());
    }
}
