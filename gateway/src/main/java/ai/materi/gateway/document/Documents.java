package ai.materi.gateway.document;

import ai.materi.platform.call.CallContext;
import ai.materi.platform.postgres.Database;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code api.documents}, one database function a statement: each sets the user first, so that it costs one round trip
 * and the row policies hold, and answers JSON as it will be sent. Reads go over pipelined connections, writes in a transaction
 * with the event that states them.
 */
final class Documents {
    private static final String READ = "select * from api.read_document($1, $2)";
    private static final String LIST = "select * from api.list_documents($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    private static final String CREATE = "select * from api.create_document($1, $2, $3, $4, $5)";
    private static final String UPDATE = "select * from api.update_document($1, $2, $3, $4, $5, $6)";

    private final Database database;
    private final DocumentEvents events;

    Documents(Database database, DocumentEvents events) {
        this.database = database;
        this.events = events;
    }

    /** Fails with {@code not_found}. */
    Future<StoredDocument> read(UUID id) {
        return database.client()
                .preparedQuery(READ)
                .execute(Tuple.of(user(), id))
                .compose(rows -> rows.size() == 0
                        ? Future.failedFuture(Refusals.notFound())
                        : Future.succeededFuture(stored(rows.iterator().next())));
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
        return database.asUser(
                        user(),
                        transaction -> transaction
                                .preparedQuery(CREATE)
                                .execute(Tuple.of(user(), wanted.id(), workspace, wanted.parentId(), wanted.title()))
                                .compose(rows -> created(
                                        transaction,
                                        wanted,
                                        workspace,
                                        rows.iterator().next())))
                .recover(Refusals::byPolicy);
    }

    private Future<StoredDocument> created(SqlConnection transaction, NewDocument wanted, UUID workspace, Row row) {
        String outcome = row.getString("r_outcome");
        return switch (outcome) {
            case "ok" ->
                events.created(transaction, wanted, workspace)
                        .map(stated ->
                                new StoredDocument(row.getLong("r_version"), workspace, row.getString("r_json")));
            case "again" ->
                Future.succeededFuture(
                        new StoredDocument(row.getLong("r_version"), workspace, row.getString("r_json")));
            default -> Future.failedFuture(Refusals.of(outcome));
        };
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
