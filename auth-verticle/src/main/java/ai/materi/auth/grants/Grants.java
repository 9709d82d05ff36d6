package ai.materi.auth.grants;

import ai.materi.auth.documents.Action;
import ai.materi.auth.documents.Documents;
import ai.materi.auth.documents.Standing;
import ai.materi.auth.faults.Violations;
import ai.materi.auth.fields.Fields;
import ai.materi.auth.news.Announcements;
import ai.materi.auth.pages.Page;
import ai.materi.auth.pages.PageRequest;
import ai.materi.auth.roles.Role;
import ai.materi.auth.users.User;
import ai.materi.auth.users.UserRef;
import ai.materi.auth.users.Users;
import ai.materi.platform.postgres.Database;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import java.util.UUID;

/** The table {@code auth.grants}: users let into one document whatever their role in its workspace. Admins decide. */
public final class Grants {
    private static final String LIST = """
            select g.document_id, u.id, u.email, u.name, u.created_at, g.role::text as role, g.granted_at
            from auth.grants g join auth.users u on u.id = g.user_id
            where g.document_id = $1 and g.user_id > $2
            order by g.user_id limit $3
            """;

    private static final String PUT = """
            insert into auth.grants (document_id, workspace_id, user_id, role) values ($1, $2, $3, $4::text::auth.role)
            on conflict (document_id, user_id) do update set role = excluded.role
            """;

    private static final String GET = """
            select g.document_id, u.id, u.email, u.name, u.created_at, g.role::text as role, g.granted_at
            from auth.grants g join auth.users u on u.id = g.user_id
            where g.document_id = $1 and g.user_id = $2
            """;

    private static final String REMOVE = "delete from auth.grants where document_id = $1 and user_id = $2";

    private final Database tenant;
    private final Users users;
    private final Announcements announcements;

    public Grants(Database tenant, Users users, Announcements announcements) {
        this.tenant = tenant;
        this.users = users;
        this.announcements = announcements;
    }

    public Future<Page<Grant>> list(UUID userId, UUID documentId, PageRequest page) {
        return tenant.asUser(
                userId,
                transaction -> Documents.require(transaction, userId, documentId, Action.MANAGE)
                        .compose(standing -> transaction
                                .preparedQuery(LIST)
                                .execute(Tuple.of(documentId, page.after(), page.limit() + 1)))
                        .map(rows -> Page.of(
                                page,
                                rows.stream().map(Grant::of).toList(),
                                grant -> grant.user().id())));
    }

    /** Lets a user in as viewer, commenter or editor. Fails with {@code unknown_user}. */
    public Future<Grant> put(UUID userId, UUID documentId, UserRef whom, Role role) {
        if (role.includes(Role.ADMIN)) {
            throw Fields.invalid("role", "A document is granted to viewers, commenters and editors.");
        }
        return users.find(whom)
                .compose(found ->
                        tenant.asUser(userId, transaction -> put(transaction, userId, documentId, found, role)))
                .compose(put -> announcements
                        .grantChanged(
                                put.workspaceId(),
                                documentId,
                                put.grant().user().id())
                        .map(put.grant()));
    }

    /** Anybody may give up their own. */
    public Future<Void> remove(UUID userId, UUID documentId, UUID whom) {
        Action needed = whom.equals(userId) ? Action.READ : Action.MANAGE;
        return tenant.asUser(
                        userId,
                        transaction -> Documents.require(transaction, userId, documentId, needed)
                                .compose(standing -> transaction
                                        .preparedQuery(REMOVE)
                                        .execute(Tuple.of(documentId, whom))
                                        .map(rows -> requireRemoved(rows.rowCount(), standing))))
                .compose(standing -> announcements.grantChanged(standing.workspaceId(), documentId, whom));
    }

    private record Put(UUID workspaceId, Grant grant) {}

    /** Only who may grant learns whether somebody is registered. */
    private static Future<Put> put(
            SqlConnection transaction, UUID userId, UUID documentId, Optional<User> found, Role role) {
        return Documents.require(transaction, userId, documentId, Action.MANAGE).compose(standing -> {
            UUID whom = found.map(User::id).orElseThrow(Grants::unknownUser);
            return transaction
                    .preparedQuery(PUT)
                    .execute(Tuple.of(documentId, standing.workspaceId(), whom, role.word()))
                    .recover(Violations::explain)
                    .compose(written -> transaction.preparedQuery(GET).execute(Tuple.of(documentId, whom)))
                    .map(rows -> new Put(
                            standing.workspaceId(), Grant.of(rows.iterator().next())));
        });
    }

    private static Standing requireRemoved(int rows, Standing standing) {
        if (rows == 0) {
            throw Problem.of(ProblemCode.NOT_FOUND, "There is no such grant.");
        }
        return standing;
    }

    private static Problem unknownUser() {
        return Problem.of(ProblemCode.UNKNOWN_USER, "Nobody is registered under this id or address.");
    }
}
