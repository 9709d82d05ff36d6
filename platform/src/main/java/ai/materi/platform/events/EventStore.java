package ai.materi.platform.events;

import ai.materi.platform.config.Settings;
import ai.materi.platform.postgres.Database;
import ai.materi.platform.redis.RedisGate;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Keeps every fact: the consumer group {@value #GROUP}, which copies all streams into {@code events.store}. A fact that is there
 * already is left as it is, so that no other note of it is needed.
 */
public final class EventStore {
    static final String GROUP = "event-store";

    private static final Duration CLAIM_AFTER = Duration.ofSeconds(30);

    private static final String KEEP = """
            insert into events.store
                (event_id, topic, type, source, subject, happened_at, workspace_id, actor_id, traceparent, payload)
            select * from unnest(
                $1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::uuid[], $8::uuid[],
                $9::text[], $10::bytea[])
            on conflict do nothing
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
        return StreamConsumer.repeatable(vertx, database, redis, events, membership, EventStore::keep, meters);
    }

    private static Future<Void> keep(SqlConnection transaction, List<Fact> facts) {
        Tuple columns = Tuple.tuple()
                .addArrayOfUUID(column(facts, Fact::id, UUID[]::new))
                .addArrayOfString(column(facts, fact -> fact.topic().word(), String[]::new))
                .addArrayOfString(column(facts, fact -> fact.event().getType(), String[]::new))
                .addArrayOfString(column(facts, fact -> fact.event().getSource(), String[]::new))
                .addArrayOfString(column(facts, fact -> fact.event().getSubject(), String[]::new))
                .addArrayOfOffsetDateTime(
                        column(facts, fact -> time(fact.event().getTime()), OffsetDateTime[]::new))
                .addArrayOfUUID(column(facts, fact -> id(fact.event().getWorkspaceId()), UUID[]::new))
                .addArrayOfUUID(column(facts, fact -> id(fact.event().getActorId()), UUID[]::new))
                .addArrayOfString(column(facts, fact -> fact.event().getTraceparent(), String[]::new))
                .addArrayOfBuffer(column(facts, Fact::payload, Buffer[]::new));
        return transaction.preparedQuery(KEEP).execute(columns).mapEmpty();
    }

    private static <T> T[] column(List<Fact> facts, Function<Fact, @Nullable T> value, IntFunction<T[]> array) {
        return facts.stream().map(value).toArray(array);
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
