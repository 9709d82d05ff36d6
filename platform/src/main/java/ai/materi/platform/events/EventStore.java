package ai.materi.platform.events;

import ai.materi.platform.config.Settings;
import ai.materi.platform.postgres.Database;
import ai.materi.platform.redis.RedisGate;
import ai.materi.proto.event.v1.Event;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Keeps every fact: the consumer group {@value #GROUP}, which copies all streams into {@code events.store}. */
public final class EventStore {
    static final String GROUP = "event-store";

    private static final Duration CLAIM_AFTER = Duration.ofSeconds(30);

    private static final String KEEP = """
            insert into events.store
                (event_id, topic, type, source, subject, happened_at, workspace_id, actor_id, traceparent, payload)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            on conflict (event_id) do nothing
            """;

    private EventStore() {}

    /**
     * This node's member of the group.
     *
     * @param database as the role {@link OutboxRelay#ROLE}
     */
    public static StreamConsumer create(
            Vertx vertx, Database database, RedisGate redis, Settings events, String nodeId, MeterRegistry meters) {
        StreamConsumer.Membership membership =
                new StreamConsumer.Membership(GROUP, nodeId, List.of(Outbox.Topic.values()), CLAIM_AFTER);
        return StreamConsumer.create(vertx, database, redis, events, membership, EventStore::keep, meters);
    }

    static Future<Void> keep(SqlConnection transaction, List<Fact> facts) {
        List<Tuple> rows = facts.stream().map(EventStore::row).toList();
        return transaction.preparedQuery(KEEP).executeBatch(rows).mapEmpty();
    }

    private static Tuple row(Fact fact) {
        Event event = fact.event();
        return Tuple.of(fact.id(), fact.topic().word(), event.getType(), event.getSource(), event.getSubject())
                .addOffsetDateTime(time(event.getTime()))
                .addUUID(id(event.getWorkspaceId()))
                .addUUID(id(event.getActorId()))
                .addString(event.getTraceparent())
                .addBuffer(fact.payload());
    }

    private static OffsetDateTime time(String rfc3339) {
        try {
            return OffsetDateTime.parse(rfc3339).withOffsetSameInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("the time '" + rfc3339 + "' is not RFC 3339", e);
        }
    }

    private static @Nullable UUID id(String text) {
        return text.isEmpty() ? null : UUID.fromString(text);
    }
}
