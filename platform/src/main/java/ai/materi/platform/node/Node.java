package ai.materi.platform.node;

import ai.materi.platform.access.AccessFeed;
import ai.materi.platform.access.Identity;
import ai.materi.platform.config.Settings;
import ai.materi.platform.events.Outbox;
import ai.materi.platform.grpc.Services;
import ai.materi.platform.http.Degradation;
import ai.materi.platform.http.HttpDoor;
import ai.materi.platform.postgres.Postgres;
import ai.materi.platform.redis.RedisGate;
import ai.materi.platform.resilience.Breakers;
import ai.materi.platform.telemetry.Traces;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;

/**
 * What every verticle is given. Life of a node: boot (settings, embedded services, pools) → verticles deployed, each
 * migrating its schema, offering its contract and mounting its routes → open (listen, ready) → drain (readiness turns,
 * sockets are told to go elsewhere, work ends, ≤ 10 s) → close. {@link Boot} leads it through that.
 *
 * @param nodeId fresh at each start
 * @param workers named, sized pools for what must not run on an event loop
 * @param breakers for whatever leaves the process
 * @param degradation how much works at present
 * @param traces of what goes over sockets; requests are traced by themselves
 */
public record Node(
        String nodeId,
        Vertx vertx,
        Settings settings,
        Postgres postgres,
        RedisGate redis,
        Outbox outbox,
        Services services,
        Identity identity,
        AccessFeed access,
        HttpDoor http,
        Health health,
        Drain drain,
        Workers workers,
        Breakers breakers,
        Degradation degradation,
        MeterRegistry meters,
        Traces traces) {}
