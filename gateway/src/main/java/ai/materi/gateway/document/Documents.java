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
 * and the row policies hold, and answers JSON as it will be sent. What is read or created at the same time travels together;
 * other writes have a transaction with the event that states them.
 */
final class Documents {
    private static final String LIST = "select * from api.list_documents($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    private static final String UPDATE = "select * from api.update_document($1, $2, $3, $4, $5, $6)";

    private final Database database;
    private final SharedReads reads;
    private final SharedCreates creates;
    private final DocumentEvents events;

    Documents(Database database, DocumentEvents events) {
        this.database = database;
        this.reads = new SharedReads(database);
        this.creates = new SharedCreates(database);
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
        return creates.create(user(), wanted, workspace, events.created(wanted, workspace))
                .recover(Refusals::byPolicy)
                .compose(outcome -> switch (outcome.word()) {
                    case "ok" -> {
                        events.stated();
                        yield Future.succeededFuture(new StoredDocument(outcome.version(), workspace, outcome.json()));
                    }
                    // A first attempt of the same request has stored the row, and stated it.
                    case "again" -> read(wanted.id());
                    default -> Future.failedFuture(Refusals.of(outcome.word()));
                });
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
