package ai.materi.gateway.document;

import ai.materi.platform.events.Outbox;
import ai.materi.platform.postgres.Convoy;
import ai.materi.platform.postgres.Database;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;

/**
 * New rows that share a statement and a commit, each with the fact that states it, each as its own user behind the row
 * policies. What goes below a parent waits for its workspace's tree, and goes alone so that nobody waits along.
 */
final class SharedCreates {
    private static final String CREATE = "select * from api.create_documents($1, $2, $3, $4, $5, $6, $7)";

    /** A row to be stored, and the fact that it will have been. */
    private record Wanted(UUID user, NewDocument document, UUID workspace, Outbox.Entry fact) {}

    /** What became of it. */
    record Outcome(String word, long version, String json) {
        static Outcome of(Row row) {
            return new Outcome(row.getString("r_outcome"), row.getLong("r_version"), row.getString("r_json"));
        }
    }

    private final Database database;
    private final Convoy<Wanted, Outcome> convoy;

    SharedCreates(Database database) {
        this.database = database;
        this.convoy = Convoy.ofWrites(this::createAll);
    }

    Future<Outcome> create(UUID user, NewDocument document, UUID workspace, Outbox.Entry fact) {
        Wanted wanted = new Wanted(user, document, workspace, fact);
        return document.parentId() == null ? convoy.ask(wanted) : createAlone(wanted);
    }

    private Future<Outcome> createAlone(Wanted wanted) {
        return database.asUser(wanted.user(), CREATE, values(List.of(wanted)))
                .map(rows -> outcomes(rows).get(0));
    }

    private Future<List<Outcome>> createAll(List<Wanted> batch) {
        return database.writer().preparedQuery(CREATE).execute(values(batch)).map(SharedCreates::outcomes);
    }

    private static Tuple values(List<Wanted> batch) {
        return Tuple.tuple()
                .addArrayOfUUID(batch.stream().map(Wanted::user).toArray(UUID[]::new))
                .addArrayOfUUID(
                        batch.stream().map(wanted -> wanted.document().id()).toArray(UUID[]::new))
                .addArrayOfUUID(batch.stream().map(Wanted::workspace).toArray(UUID[]::new))
                .addArrayOfUUID(batch.stream()
                        .map(wanted -> wanted.document().parentId())
                        .toArray(UUID[]::new))
                .addArrayOfString(
                        batch.stream().map(wanted -> wanted.document().title()).toArray(String[]::new))
                .addArrayOfUUID(batch.stream().map(wanted -> wanted.fact().id()).toArray(UUID[]::new))
                .addArrayOfBuffer(
                        batch.stream().map(wanted -> wanted.fact().payload()).toArray(Buffer[]::new));
    }

    private static List<Outcome> outcomes(RowSet<Row> rows) {
        return rows.stream().map(Outcome::of).toList();
    }
}
