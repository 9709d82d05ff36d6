package ai.materi.gateway.document;

import ai.materi.platform.call.CallContext;
import ai.materi.platform.grpc.Services;
import ai.materi.platform.postgres.Database;
import ai.materi.proto.auth.v1.DocumentState;
import ai.materi.proto.auth.v1.SetDocumentStateRequest;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/**
 * The trash: a document goes there with everything below it, and comes back with what went along. Shield is told before the
 * transaction commits, so that a document that is listed as trashed is closed to everybody; whoever repeats a request that was
 * cut in between completes it, since every step may be taken twice.
 */
final class Trash {
    /** Documents that one request trashes, restores or deletes at most. */
    static final int MOST = 500;

    /** Calls to Shield under way at once. */
    private static final int AT_ONCE = 16;

    private static final String TRASH = "select * from api.trash_document($1, $2, $3)";
    private static final String RESTORE = "select * from api.restore_document($1, $2)";
    private static final String PURGE = "select * from api.purge_document($1, $2, $3)";

    private final Database database;
    private final DocumentEvents events;
    private final Services services;

    Trash(Database database, DocumentEvents events, Services services) {
        this.database = database;
        this.events = events;
        this.services = services;
    }

    /** Answers the workspace. */
    Future<UUID> trash(UUID id) {
        return database.asUser(
                user(),
                transaction -> transaction
                        .preparedQuery(TRASH)
                        .execute(Tuple.of(user(), id, MOST))
                        .compose(rows -> trashed(transaction, rows.iterator().next())));
    }

    private Future<UUID> trashed(SqlConnection transaction, Row row) {
        return done(row, DocumentState.DOCUMENT_STATE_TRASHED, ids -> events.trashed(transaction, workspace(row), ids));
    }

    Future<StoredDocument> restore(UUID id) {
        return database.asUser(
                user(),
                transaction -> transaction
                        .preparedQuery(RESTORE)
                        .execute(Tuple.of(user(), id))
                        .compose(rows -> restored(transaction, rows.iterator().next())));
    }

    private Future<StoredDocument> restored(SqlConnection transaction, Row row) {
        return done(row, DocumentState.DOCUMENT_STATE_ACTIVE, ids -> events.restored(transaction, workspace(row), ids))
                .map(workspace -> new StoredDocument(row.getLong("r_version"), workspace, row.getString("r_json")));
    }

    /** For good; only from the trash. */
    Future<UUID> purge(UUID id) {
        return database.asUser(
                user(),
                transaction -> transaction
                        .preparedQuery(PURGE)
                        .execute(Tuple.of(user(), id, MOST))
                        .compose(rows -> purged(transaction, rows.iterator().next())));
    }

    private Future<UUID> purged(SqlConnection transaction, Row row) {
        return done(row, DocumentState.DOCUMENT_STATE_PURGED, ids -> events.purged(transaction, workspace(row), ids));
    }

    /** States what the database did, once, and tells Shield, every time. */
    private Future<UUID> done(Row row, DocumentState state, Function<List<UUID>, Future<Void>> statement) {
        String outcome = row.getString("r_outcome");
        if (!outcome.equals("ok") && !outcome.equals("again")) {
            return Future.failedFuture(Refusals.of(outcome));
        }
        List<UUID> ids = List.of(row.getArrayOfUUIDs("r_ids"));
        Future<Void> stated = outcome.equals("ok") ? statement.apply(ids) : Future.succeededFuture();
        return stated.compose(done -> tell(ids, state, 0)).map(workspace(row));
    }

    private Future<Void> tell(List<UUID> ids, DocumentState state, int from) {
        if (from >= ids.size()) {
            return Future.succeededFuture();
        }
        int to = Math.min(ids.size(), from + AT_ONCE);
        List<Future<?>> batch = new ArrayList<>(to - from);
        ids.subList(from, to).forEach(id -> batch.add(tell(id, state)));
        return Future.join(batch).compose(told -> tell(ids, state, to));
    }

    private Future<Void> tell(UUID id, DocumentState state) {
        return services.auth()
                .setDocumentState(SetDocumentStateRequest.newBuilder()
                        .setDocumentId(id.toString())
                        .setState(state)
                        .build())
                .mapEmpty();
    }

    private static UUID workspace(Row row) {
        return row.getUUID("r_workspace");
    }

    private static UUID user() {
        return CallContext.current().requirePrincipal().userId();
    }
}
