package ai.materi.gateway.document;

import ai.materi.platform.postgres.Database;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads that wait at the same time travel in one statement: half of what a single read costs is its own transaction and its
 * own messages. Each is still read as its own user, behind the row policies. An event loop has {@value #FLIGHTS} statements
 * under way; what comes meanwhile goes with the next, so that a read on an idle node waits for nobody.
 */
final class SharedReads {
    private static final int FLIGHTS = 2;
    private static final int MOST = 64;
    private static final int MAX_WAITING = 8192;
    private static final String READ = "select * from api.read_documents($1, $2)";

    private record Waiting(UUID user, UUID document, Promise<@Nullable StoredDocument> answer) {}

    /** The reads of one event loop, touched by its thread alone. */
    private static final class Lane {
        final ArrayDeque<Waiting> queue = new ArrayDeque<>();
        int flights;
    }

    private final Database database;
    private final Map<Thread, Lane> lanes = new ConcurrentHashMap<>();

    SharedReads(Database database) {
        this.database = database;
    }

    /** Null when there is no such document for this user. */
    Future<@Nullable StoredDocument> read(UUID user, UUID document) {
        Lane lane = lanes.computeIfAbsent(Thread.currentThread(), thread -> new Lane());
        if (lane.queue.size() >= MAX_WAITING) {
            return Future.failedFuture(Problem.of(ProblemCode.OVERLOADED, "Too many requests wait for the database."));
        }
        Promise<@Nullable StoredDocument> answer = ContextInternal.current().promise();
        lane.queue.add(new Waiting(user, document, answer));
        send(lane);
        return answer.future();
    }

    private void send(Lane lane) {
        if (lane.flights == FLIGHTS || lane.queue.isEmpty()) {
            return;
        }
        lane.flights++;
        List<Waiting> batch = new ArrayList<>(Math.min(MOST, lane.queue.size()));
        while (batch.size() < MOST && !lane.queue.isEmpty()) {
            batch.add(lane.queue.remove());
        }
        execute(batch).onComplete(rows -> {
            lane.flights--;
            send(lane);
            if (rows.succeeded()) {
                answer(batch, rows.result());
            } else {
                batch.forEach(waiting -> waiting.answer().fail(rows.cause()));
            }
        });
    }

    private Future<RowSet<Row>> execute(List<Waiting> batch) {
        UUID[] users = new UUID[batch.size()];
        UUID[] documents = new UUID[batch.size()];
        for (int i = 0; i < users.length; i++) {
            users[i] = batch.get(i).user();
            documents[i] = batch.get(i).document();
        }
        return database.client().preparedQuery(READ).execute(Tuple.of(users, (Object) documents));
    }

    private static void answer(List<Waiting> batch, RowSet<Row> rows) {
        StoredDocument[] found = new StoredDocument[batch.size()];
        for (Row row : rows) {
            found[row.getInteger(0) - 1] = new StoredDocument(row.getLong(1), row.getUUID(2), row.getString(3));
        }
        for (int i = 0; i < found.length; i++) {
            batch.get(i).answer().complete(found[i]);
        }
    }
}
