package ai.materi.platform.node;

import ai.materi.platform.access.AccessFeed;
import ai.materi.platform.access.Identity;
import ai.materi.platform.cluster.Cluster;
import ai.materi.platform.config.Settings;
import ai.materi.platform.events.Outbox;
import ai.materi.platform.events.OutboxRelay;
import ai.materi.platform.grpc.Services;
import ai.materi.platform.http.Degradation;
import ai.materi.platform.http.HttpDoor;
import ai.materi.platform.postgres.Postgres;
import ai.materi.platform.redis.RedisGate;
import ai.materi.platform.resilience.Breakers;
import ai.materi.platform.telemetry.Telemetry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;

/** Makes the parts of a node, in the order in which they need each other. */
final class Assembly {
    private static final Postgres.Schema EVENTS = new Postgres.Schema("events", List.of(OutboxRelay.ROLE));
    private static final Duration LONGEST_STEP = Duration.ofMinutes(3);

    /** Something that has to end again. */
    private record Made(String what, Blocking.Ending ending) {}

    private final Settings settings;
    private final StartReport report;
    private final Deque<Made> made = new ArrayDeque<>();

    Assembly(Settings settings, StartReport report) {
        this.settings = settings;
        this.report = report;
    }

    Boot assemble() throws Exception {
        String nodeId = UUID.randomUUID().toString();
        Backing backing = Backing.begin(settings, report);
        before("embedded services", backing::end);
        Telemetry telemetry = report.measure("telemetry", () -> Telemetry.create(nodeId, settings.section("tracing")));
        before("telemetry", telemetry::close);
        Vertx vertx = report.measure("vertx", () -> Blocking.result(vertx(telemetry), LONGEST_STEP));
        before("Vert.x", () -> Blocking.result(vertx.close(), Duration.ofSeconds(5)));
        Postgres postgres = postgres(vertx, telemetry, backing);
        RedisGate redis = report.measure(
                "redis client",
                () -> Blocking.result(
                        RedisGate.start(vertx, settings.section("redis"), backing.redisUrl(), telemetry.meters()),
                        LONGEST_STEP));
        report.measure("migrations", () -> Blocking.result(postgres.migrate(EVENTS), LONGEST_STEP));
        return new Boot(report, backing, telemetry, node(nodeId, vertx, telemetry, postgres, redis));
    }

    private Future<Vertx> vertx(Telemetry telemetry) {
        VertxOptions options = new VertxOptions().setPreferNativeTransport(true);
        return Cluster.build(telemetry.instrument(Vertx.builder(), options), options, settings.section("cluster"));
    }

    private Postgres postgres(Vertx vertx, Telemetry telemetry, Backing backing) throws Exception {
        String url = backing.databaseUrl();
        return report.measure(
                "postgres client",
                () -> Blocking.result(
                        Postgres.start(vertx, settings.section("postgres"), url, telemetry.meters()), LONGEST_STEP));
    }

    private Node node(String nodeId, Vertx vertx, Telemetry telemetry, Postgres postgres, RedisGate redis)
            throws Exception {
        Health health = new Health();
        health.register("postgres", postgres::ping);
        health.registerOptional("redis", redis::ping);
        Drain drain = Drain.create(vertx, settings.section("drain"));
        Degradation degradation = Degradation.create(vertx, telemetry.meters());
        degradation.watch("postgres", Degradation.Level.EMERGENCY, postgres::available);
        degradation.watch("redis", Degradation.Level.DEGRADED, redis::available);
        Services services = Services.create(vertx, settings.section("grpc"), postgres.sharedSecret("node"));
        AccessFeed access = Blocking.result(AccessFeed.create(vertx, redis, nodeId), LONGEST_STEP);
        return new Node(
                nodeId,
                vertx,
                settings,
                postgres,
                redis,
                Outbox.create(),
                services,
                Identity.create(services, access, telemetry.meters()),
                access,
                http(vertx, health, drain, degradation, telemetry),
                health,
                drain,
                Workers.create(vertx),
                Breakers.create(vertx, telemetry.meters()),
                degradation,
                telemetry.meters(),
                telemetry.traces());
    }

    private HttpDoor http(Vertx vertx, Health health, Drain drain, Degradation degradation, Telemetry telemetry) {
        return HttpDoor.create(
                vertx,
                settings.section("http"),
                settings.section("operator"),
                new HttpDoor.Surroundings(
                        settings.strings("roles"), health::check, drain::draining, degradation, telemetry.meters()));
    }

    /** What was made last ends first. */
    private void before(String what, Blocking.Ending ending) {
        made.push(new Made(what, ending));
    }

    /** Ends what has been made so far, so that a start that fails leaves nothing behind. */
    void abandon() {
        made.forEach(one -> Blocking.attempt(one.what(), one.ending()));
    }
}
