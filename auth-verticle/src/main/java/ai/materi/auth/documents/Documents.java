package ai.materi.auth.documents;

import ai.materi.auth.faults.Violations;
import ai.materi.auth.news.Announcements;
import ai.materi.auth.workspaces.WorkspaceRef;
import ai.materi.platform.postgres.Database;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;

/** The table {@code auth.documents}: which documents there are, where, and who may do what with them. */
public final class Documents {
    /** Sets the user itself, so that it is one statement on a pipelined connection: this is asked for every call. */
    private static final String STANDING = """
            select workspace_id, state::text as state, role::text as role from auth.standing($1, $2)
            """;

    private static final String WITHDRAW = "select auth.withdraw_document($1, $2)";

    private static final String SET_STATE = """
            update auth.documents set state = $2::text::auth.document_state
            where document_id = $1 and state <> 'purged' and state <> $2::text::auth.document_state
            """;

    private static final String DROP_GRANTS = "delete from auth.grants where document_id = $1";

    private final Database tenant;
    private final Registrations registrations;
    private final Announcements announcements;

    public Documents(Database tenant, Announcements announcements) {
        this.tenant = tenant;
        this.registrations = new Registrations(tenant);
        this.announcements = announcements;
    }

    /** Fails with {@code not_found}. */
    public Future<Standing> standing(UUID userId, UUID documentId) {
        return standing(tenant.client(), userId, documentId);
    }

    /** Fails with {@code not_found}, and with {@code forbidden} when the document may be seen but not this be done. */
    public Future<Standing> require(UUID userId, UUID documentId, Action action) {
        return require(tenant.client(), userId, documentId, action);
    }

    /** The same inside a transaction, of which {@code userId} is the user. */
    public static Future<Standing> require(SqlClient client, UUID userId, UUID documentId, Action action) {
        return standing(client, userId, documentId).map(standing -> switch (standing.decide(action)) {
            case ALLOWED -> standing;
            case DENIED -> throw Problem.of(ProblemCode.FORBIDDEN, "Your role does not allow this with the document.");
            case HIDDEN -> throw noDocument();
        });
    }

    /** Editors only. Registering again in the same workspace changes nothing. */
    public Future<Registered> register(UUID userId, UUID documentId, WorkspaceRef workspace) {
        return registrations.register(userId, documentId, workspace);
    }

    /** Takes back what {@code userId} registered minutes ago; does nothing when there is no such thing. */
    public Future<Void> withdraw(UUID userId, UUID documentId) {
        return tenant.writer()
                .preparedQuery(WITHDRAW)
                .execute(Tuple.of(userId, documentId))
                .map(rows -> rows.iterator().next().getUUID(0))
                .compose(workspace -> workspace == null
                        ? Future.succeededFuture()
                        : announcements.documentChanged(workspace, documentId));
    }

    /** Purging takes the grants along. */
    public Future<Void> setState(UUID userId, UUID documentId, DocumentState state) {
        return tenant.asUser(
                        userId,
                        transaction -> require(transaction, userId, documentId, actionFor(state))
                                .compose(standing ->
                                        change(transaction, documentId, state).map(standing)))
                .compose(standing -> announcements.documentChanged(standing.workspaceId(), documentId));
    }

    public static Problem noDocument() {
        return Problem.of(ProblemCode.NOT_FOUND, "There is no such document.");
    }

    private static Action actionFor(DocumentState state) {
        return state == DocumentState.PURGED ? Action.MANAGE : Action.RESTORE;
    }

    private static Future<Standing> standing(SqlClient client, UUID userId, UUID documentId) {
        return client.preparedQuery(STANDING)
                .execute(Tuple.of(userId, documentId))
                .map(rows -> rows.stream().findFirst().map(Standing::of).orElseThrow(Documents::noDocument));
    }

    private static Future<Void> change(SqlConnection transaction, UUID documentId, DocumentState state) {
        Future<Void> before = state == DocumentState.PURGED
                ? transaction
                        .preparedQuery(DROP_GRANTS)
                        .execute(Tuple.of(documentId))
                        .mapEmpty()
                : Future.succeededFuture();
        return before.compose(ready -> transaction.preparedQuery(SET_STATE).execute(Tuple.of(documentId, state.word())))
                .recover(Violations::explain)
                .mapEmpty();
    }
}
