package ai.materi.gateway.document;

import ai.materi.platform.call.CallContext;
import ai.materi.platform.postgres.Database;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.io.Serial;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code api.documents}, one database function a statement: each sets the user first, so that it costs one round trip
 * and the row policies hold, and answers JSON as it will be sent. Reads go over pipelined connections, writes in a transaction
 * with the event that states them.
 */
final class Documents {
    private static final String LIST = "select * from api.list_documents($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    private static final String CREATE = "select * from api.create_document($1, $2, $3, $4, $5)";
    private static final String UPDATE = "select * from api.update_document($1, $2, $3, $4, $5, $6)";

    private final Database database;
    private final SharedReads reads;
    private final DocumentEvents events;

    Documents(Database database, DocumentEvents events) {
        this.database = database;
        this.reads = new SharedReads(database);
        this.events = events;
    }

    /** Fails with {@code not_found}. */
    Future<StoredDocument> read(UUID id) {
        return reads.read(user(), id)
                .compose(found ->
                        found == null ? Future.failedFuture(Refusals.notFound()) : Future.succeededFuture(found));
    }

    private static StoredDocument stored(Row row) {
        return new StoredDocument(row.getLong("r_version"), row.getUUID("r_workspace"), row.getString("r_json"));
    }

    /** Fails with {@code not_found} when the workspace is not the caller's. */
    Future<DocumentList> list(ListQuery query) {
        Tuple values = Tuple.of(
                user(),
                query.workspaceId(),
                query.parentId(),
                query.top(),
                query.trashed(),
                query.title(),
                query.after().createdAt(),
                query.after().id(),
                query.limit());
        return database.client()
                .preparedQuery(LIST)
                .execute(values)
                .compose(rows -> page(query, rows.iterator().next()));
    }

    private static Future<DocumentList> page(ListQuery query, Row row) {
        if (!row.getBoolean("r_known")) {
            return Future.failedFuture(Problem.of(ProblemCode.NOT_FOUND, "There is no such workspace."));
        }
        String next = row.getBoolean("r_more")
                ? new Position(row.getOffsetDateTime("r_last_time"), row.getUUID("r_last_id")).cursor(query.filters())
                : "";
        return Future.succeededFuture(new DocumentList(row.getString("r_items"), next));
    }

    /** Stores the row of a document that Shield and Relay know already. */
    Future<StoredDocument> create(NewDocument wanted, UUID workspace) {
        UUID user = user();
        return database.asUser(user, transaction -> insert(transaction, user, wanted, workspace))
                .recover(Refusals::byPolicy)
                .recover(failure -> failure instanceof ThereAlready ? read(wanted.id()) : Future.failedFuture(failure));
    }

    /** Row and event leave in one flight; a row that was not stored takes the event back with it. */
    private Future<StoredDocument> insert(SqlConnection transaction, UUID user, NewDocument wanted, UUID workspace) {
        Future<RowSet<Row>> stored = transaction
                .preparedQuery(CREATE)
                .execute(Tuple.of(user, wanted.id(), workspace, wanted.parentId(), wanted.title()));
        Future<Void> stated = events.created(transaction, wanted, workspace);
        return stored.compose(rows -> created(workspace, rows.iterator().next()))
                .compose(document -> stated.map(document));
    }

    private static Future<StoredDocument> created(UUID workspace, Row row) {
        String outcome = row.getString("r_outcome");
        return switch (outcome) {
            case "ok" ->
                Future.succeededFuture(
                        new StoredDocument(row.getLong("r_version"), workspace, row.getString("r_json")));
            case "again" -> Future.failedFuture(new ThereAlready());
            default -> Future.failedFuture(Refusals.of(outcome));
        };
    }

    /** A first attempt of the same request has stored the row, and stated it. */
    private static final class ThereAlready extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1L;

        ThereAlready() {
            super("the document is there already", null, false, false);
        }
    }

    Future<StoredDocument> update(UUID id, DocumentChange change) {
        Long @Nullable [] versions =
                change.versions() == null ? null : change.versions().toArray(Long[]::new);
        Tuple values = Tuple.of(user(), id, versions, change.title(), change.move(), change.parentId());
        return database.asUser(
                        user(),
                        transaction -> transaction
                                .preparedQuery(UPDATE)
                                .execute(values)
                                .compose(rows -> updated(
                                        transaction, id, change, rows.iterator().next())))
                .recover(Refusals::byPolicy);
    }

    private Future<StoredDocument> updated(SqlConnection transaction, UUID id, DocumentChange change, Row row) {
        String outcome = row.getString("r_outcome");
        if (!outcome.equals("ok")) {
            return Future.failedFuture(Refusals.of(outcome));
        }
        StoredDocument stored = stored(row);
        return events.changed(
                        transaction,
                        id,
                        stored.workspaceId(),
                        change,
                        row.getString("r_old_title"),
                        row.getUUID("r_old_parent"))
                .map(stored);
    }

    private static UUID user() {
        return CallContext.current().requirePrincipal().userId();
    }
}
