package ai.materi.platform.events;

import ai.materi.platform.postgres.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Which facts a consumer group has dealt with: the table {@code events.handled}. */
final class Handled {
    private static final String NOTE = """
            insert into events.handled (consumer, event_id)
            select $1, id from unnest($2::uuid[]) as id order by id
            on conflict do nothing
            returning event_id
            """;

    /** Streams keep events for a week at most; older notes can meet nothing again. A bounded number at a time. */
    private static final String SWEEP = """
            delete from events.handled where (consumer, event_id) in (
                select consumer, event_id from events.handled
                where handled_at < now() - interval '30 days' limit 10000)
            """;

    private Handled() {}

    /** The effect, for those facts alone that it had not been given before in a transaction that was committed. */
    static Effect once(String consumer, Effect effect) {
        return (transaction, facts) -> note(transaction, consumer, facts)
                .compose(fresh -> fresh.isEmpty() ? Future.succeededFuture() : effect.apply(transaction, fresh));
    }

    /** Notes the facts and answers those that had not been noted before, each once, in their order. */
    private static Future<List<Fact>> note(SqlConnection transaction, String consumer, List<Fact> facts) {
        UUID[] ids = facts.stream().map(Fact::id).distinct().toArray(UUID[]::new);
        return transaction
                .preparedQuery(NOTE)
                .execute(Tuple.tuple().addString(consumer).addArrayOfUUID(ids))
                .map(rows -> {
                    Set<UUID> fresh = new HashSet<>();
                    for (Row row : rows) {
                        fresh.add(row.getUUID("event_id"));
                    }
                    return facts.stream()
                            .filter(fact -> fresh.remove(fact.id()))
                            .toList();
                });
    }

    static Future<Void> sweep(Database database) {
        return database.transaction(
                transaction -> transaction.query(SWEEP).execute().mapEmpty());
    }
}
