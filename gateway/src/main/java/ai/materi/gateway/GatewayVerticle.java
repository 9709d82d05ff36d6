package ai.materi.gateway;

import ai.materi.gateway.contract.ContractEndpoint;
import ai.materi.gateway.document.DocumentModule;
import ai.materi.gateway.generation.GenerationEndpoints;
import ai.materi.gateway.http.Budgets;
import ai.materi.gateway.http.Endpoint;
import ai.materi.gateway.http.Front;
import ai.materi.gateway.http.RouteTable;
import ai.materi.gateway.idempotency.IdempotencyKeys;
import ai.materi.gateway.limit.RateLimits;
import ai.materi.gateway.live.LiveEndpoints;
import ai.materi.gateway.page.PageFiles;
import ai.materi.gateway.page.PageHandler;
import ai.materi.gateway.session.SessionEndpoints;
import ai.materi.gateway.sse.OpenStreams;
import ai.materi.gateway.workspace.MemberEndpoints;
import ai.materi.gateway.workspace.WorkspaceEndpoints;
import ai.materi.platform.node.Node;
import ai.materi.platform.postgres.Postgres;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway's life: its schema is migrated, its parts are built, its routes are mounted and its contract is offered. Shield's
 * schema has to be there before, because the row policies ask Shield.
 */
public final class GatewayVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayVerticle.class);
    private static final String ROLE = "materi_api";
    private static final String SWEEPER = "materi_api_sweeper";
    private static final long SWEEP_MS = 600_000;
    private static final int WORKERS = 2;
    private static final int WORK_WAITING = 200;
    private static final Duration SLOW_WORK = Duration.ofSeconds(5);

    private final Node node;
    private RouteTable routes = new RouteTable(List.of());

    /** Everything else comes from the node. */
    public GatewayVerticle(Node node) {
        this.node = node;
    }

    @Override
    public Future<?> start() {
        GatewaySettings settings = GatewaySettings.from(node.settings());
        return node.postgres()
                .migrate(new Postgres.Schema("api", List.of(ROLE, SWEEPER)))
                .compose(migrated -> vertx.executeBlocking(() -> PageFiles.load(settings.pageDir())))
                .compose(page -> vertx.executeBlocking(ContractEndpoint::load)
                        .onSuccess(contract -> open(settings, page, contract)));
    }

    private void open(GatewaySettings settings, PageFiles page, ContractEndpoint contract) {
        IdempotencyKeys keys =
                new IdempotencyKeys(node.postgres().as(ROLE), node.postgres().as(SWEEPER));
        Budgets budgets =
                new Budgets(new RateLimits(node.redis()), settings.guards().limits());
        DocumentModule documents = new DocumentModule(
                node.postgres().as(ROLE),
                node.outbox(),
                node.services(),
                budgets,
                node.degradation(),
                node.workers().pool("api", WORKERS, WORK_WAITING, SLOW_WORK));
        routes = new RouteTable(endpoints(settings, budgets, documents, contract));
        mount(new Front(vertx, routes, node.identity(), keys, budgets, node.degradation(), settings.guards()), page);
        documents.offerTo(node.services());
        vertx.setPeriodic(SWEEP_MS, tick -> sweep(keys));
    }

    /** The routes that are mounted; none before the start. */
    RouteTable routes() {
        return routes;
    }

    private List<Endpoint> endpoints(
            GatewaySettings settings, Budgets budgets, DocumentModule documents, ContractEndpoint contract) {
        OpenStreams streams = new OpenStreams(vertx, node.drain());
        return Stream.of(
                        new SessionEndpoints(node.services(), budgets, settings.secureCookies()).endpoints(),
                        new WorkspaceEndpoints(node.services()).endpoints(),
                        new MemberEndpoints(node.services()).endpoints(),
                        documents.endpoints(),
                        new LiveEndpoints(node.services(), streams).endpoints(),
                        new GenerationEndpoints(node.services(), budgets, streams, settings.generationDeadline())
                                .endpoints(),
                        contract.endpoints())
                .flatMap(List::stream)
                .toList();
    }

    private void mount(Front front, PageFiles page) {
        for (String path : List.of("/api", "/.well-known", "/openapi.json")) {
            Router router = Router.router(vertx);
            router.route().handler(front);
            node.http().mount(path, router);
        }
        Router pages = Router.router(vertx);
        pages.route().handler(new PageHandler(page));
        node.http().mount("/", pages);
    }

    private static void sweep(IdempotencyKeys keys) {
        keys.sweep().onFailure(failure -> LOG.warn("Old idempotency keys were not removed: {}", failure.getMessage()));
    }
}
