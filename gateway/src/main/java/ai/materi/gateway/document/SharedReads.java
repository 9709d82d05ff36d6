package ai.materi.gateway.document;

import ai.materi.platform.postgres.Convoy;
import ai.materi.platform.postgres.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads that travel together, each as its own user, behind the row policies. */
final class SharedReads {
    private static final String READ = "select * from api.read_documents($1, $2, $3)";

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
        Map<UUID, List<Integer>> places = new LinkedHashMap<>();
        for (int i = 0; i < batch.size(); i++) {
            places.computeIfAbsent(batch.get(i).user(), user -> new ArrayList<>())
                    .add(i);
        }
        List<Integer> inOrder = places.values().stream().flatMap(List::stream).toList();
        UUID[] documents =
                inOrder.stream().map(place -> batch.get(place).document()).toArray(UUID[]::new);
        return database.client()
                .preparedQuery(READ)
                .execute(Tuple.of(places.keySet().toArray(UUID[]::new), ends(places.values()), (Object) documents))
                .map(rows -> placed(inOrder, rows));
    }

    /** Behind the last document of each user. */
    private static Integer[] ends(Collection<List<Integer>> groups) {
        List<Integer> ends = new ArrayList<>(groups.size());
        int end = 0;
        for (List<Integer> group : groups) {
            end += group.size();
            ends.add(end);
        }
        return ends.toArray(Integer[]::new);
    }

    private static List<@Nullable StoredDocument> placed(List<Integer> inOrder, RowSet<Row> rows) {
        @Nullable StoredDocument[] found = new StoredDocument[inOrder.size()];
        for (Row row : rows) {
            found[inOrder.get(row.getInteger(0) - 1)] =
                    new StoredDocument(row.getLong(1), row.getUUID(2), row.getString(3));
        }
        return Arrays.asList(found);
    }
}
