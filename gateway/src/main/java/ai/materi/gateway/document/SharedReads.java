package ai.materi.gateway.document;

import ai.materi.platform.postgres.Convoy;
import ai.materi.platform.postgres.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads that travel together, each as its own user, behind the row policies. */
final class SharedReads {
    private static final String READ = "select * from api.read_documents($1, $2)";

    private record Wanted(UUID user, UUID document) {}

    private final Database database;
    private final Convoy<Wanted, @Nullable StoredDocument> convoy;

    SharedReads(Database database) {
        this.database = database;
        this.convoy = Convoy.ofReads(this::readAll);
    }

    /** Null when there is no such document for this user. */
    Future<@Nullable StoredDocument> read(UUID user, UUID document) {
        return convoy.ask(new Wanted(user, document));
    }

    private Future<List<@Nullable StoredDocument>> readAll(List<Wanted> batch) {
        UUID[] users = new UUID[batch.size()];
        UUID[] documents = new UUID[batch.size()];
        for (int i = 0; i < users.length; i++) {
            users[i] = batch.get(i).user();
            documents[i] = batch.get(i).document();
        }
        return database.client()
                .preparedQuery(READ)
                .execute(Tuple.of(users, (Object) documents))
                .map(rows -> placed(users.length, rows));
    }

    private static List<@Nullable StoredDocument> placed(int places, RowSet<Row> rows) {
        @Nullable StoredDocument[] found = new StoredDocument[places];
        for (Row row : rows) {
            found[row.getInteger(0) - 1] = new StoredDocument(row.getLong(1), row.getUUID(2), row.getString(3));
        }
        return Arrays.asList(found);
    }
}
