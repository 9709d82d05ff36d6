package ai.materi.platform.node;

import ai.materi.platform.config.ConfigException;
import ai.materi.platform.config.Settings;
import ai.materi.platform.embedded.EmbeddedException;
import ai.materi.platform.events.EventStore;
import ai.materi.platform.events.OutboxRelay;
import ai.materi.platform.events.StreamConsumer;
import ai.materi.platform.grpc.GrpcDoor;
import ai.materi.platform.http.Readiness;
import ai.materi.platform.postgres.Database;
import ai.materi.platform.telemetry.Telemetry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads a node through its life: {@link #start} (services, pools, the platform's own schema), then whoever called deploys
 * verticles with {@link #node()}, {@link #open} (listen, ready), {@link #close} (drain, then end everything).
 * {@link #closeWithTheProcess} ties that end to SIGTERM. Start and close block and belong to no event loop.
 */
public final class Boot {
    private static final Logger LOG = LoggerFactory.getLogger(Boot.class);
    private static final int GIVEN_UP = 1;
    private static final Duration A_SECOND = Duration.ofSeconds(1);

    private final StartReport report;
    private final Backing backing;
    private final Telemetry telemetry;
    private final Node node;
    private final GrpcDoor grpc;
    private final OutboxRelay relay;
    private final StreamConsumer store;
    private volatile boolean opened;
    private boolean closed;

    Boot(StartReport report, Backing backing, Telemetry telemetry, Node node) {
        this.report = report;
        this.backing = backing;
        this.telemetry = telemetry;
        this.node = node;
        this.grpc = GrpcDoor.create(
                node.vertx(),
                node.settings().section("grpc"),
                new GrpcDoor.Surroundings(
                        node.services(),
                        node.identity(),
                        () -> node.health().check().map(Readiness::ready),
                        node.drain()::draining,
                        telemetry.meters()));
        Database database = node.postgres().as(OutboxRelay.ROLE);
        Settings events = node.settings().section("events");
        this.relay =
                OutboxRelay.create(node.vertx(), database, node.redis(), events, node.outbox(), telemetry.meters());
        this.store = EventStore.create(node.vertx(), database, node.redis(), events, node.nodeId(), telemetry.meters());
    }

    /**
     * Starts all that a verticle needs.
     *
     * @throws BootException with a line for each thing that has to be changed first
     */
    public static Boot start(Settings settings) {
        StartReport report = new StartReport();
        Assembly assembly = new Assembly(settings, report);
        try {
            Ports.refuseTaken(settings);
            return assembly.assemble();
        } catch (ConfigException | EmbeddedException e) {
            assembly.abandon();
            throw new BootException(String.valueOf(e.getMessage()), e);
        } catch (Exception e) {
            assembly.abandon();
            throw new BootException("the start failed: " + e, e);
        }
    }

    public Node node() {
        return node;
    }

    public StartReport report() {
        return report;
    }

    /** Where gRPC listens, once open. */
    public int grpcPort() {
        return grpc.port();
    }

    /** Listens; from now on the node is ready. Fails with a {@link ConfigException} when a port is taken. */
    public Future<Void> open() {
        return report.measure(
                        "open",
                        () -> grpc.open().compose(listening -> node.http().open()))
                .onSuccess(open -> {
                    opened = true;
                    relay.start();
                    store.start();
                    LOG.info("Materi is {}", report);
                });
    }

    /** Drains, then ends everything; the second call does nothing. Blocks, at most a little over {@code drain.timeout}. */
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        long begin = System.nanoTime();
        Blocking.attempt(
                "drain", () -> Blocking.result(node.drain().run(), node.drain().timeout()));
        Blocking.attempt("HTTP", () -> Blocking.result(node.http().close(), A_SECOND));
        Blocking.attempt("verticles", () -> Blocking.result(undeployed(node.vertx()), Duration.ofSeconds(2)));
        if (opened) {
            Blocking.attempt("events", () -> Blocking.result(Future.join(relay.stop(), store.stop()), A_SECOND));
        }
        Blocking.attempt("services", () -> Blocking.result(node.services().close(), A_SECOND));
        Blocking.attempt("Redis client", () -> Blocking.result(node.redis().close(), A_SECOND));
        Blocking.attempt(
                "PostgreSQL client", () -> Blocking.result(node.postgres().close(), A_SECOND));
        Blocking.attempt("Vert.x", () -> Blocking.result(node.vertx().close(), Duration.ofSeconds(2)));
        Blocking.attempt("telemetry", telemetry::close);
        Blocking.attempt("embedded services", backing::end);
        if (opened) {
            LOG.info("Materi has ended, in {} ms", (System.nanoTime() - begin) / 1_000_000);
        }
    }

    /**
     * On SIGTERM, SIGINT and any other orderly exit: {@link #close}, then {@code last}. A second signal ends at once. An
     * embedded server that keeps dying ends the process too, with status 1: whoever watches it can do more than a node
     * that stays degraded.
     */
    public void closeWithTheProcess(Runnable last) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> closeInTime(last), "materi-end"));
        Signals.exitOnFirstHaltOnSecond();
        Thread watch = new Thread(this::exitOnceGivenUp, "materi-given-up");
        watch.setDaemon(true);
        watch.start();
    }

    private void exitOnceGivenUp() {
        try {
            backing.awaitGivenUp();
            System.exit(GIVEN_UP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeInTime(Runnable last) {
        Thread watchdog = new Thread(
                () -> {
                    if (sleeps(node.drain().timeout())) {
                        Runtime.getRuntime().halt(1);
                    }
                },
                "materi-end-watchdog");
        watchdog.setDaemon(true);
        watchdog.start();
        close();
        last.run();
        watchdog.interrupt();
    }

    private static boolean sleeps(Duration time) {
        try {
            TimeUnit.MILLISECONDS.sleep(time.toMillis());
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    /** One after the other: undeploying one takes those that it deployed along. */
    private static Future<Void> undeployed(Vertx vertx) {
        Future<Void> undeployed = Future.succeededFuture();
        for (String id : Set.copyOf(vertx.deploymentIDs())) {
            undeployed = undeployed.compose(
                    before -> vertx.deploymentIDs().contains(id) ? vertx.undeploy(id) : Future.succeededFuture());
        }
        return undeployed;
    }
}
