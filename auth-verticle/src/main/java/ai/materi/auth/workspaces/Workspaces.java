package ai.materi.auth.workspaces;

import ai.materi.auth.faults.Violations;
import ai.materi.auth.fields.Fields;
import ai.materi.auth.news.Announcements;
import ai.materi.auth.news.Facts;
import ai.materi.auth.pages.Page;
import ai.materi.auth.pages.PageRequest;
import ai.materi.auth.roles.Role;
import ai.materi.platform.postgres.Database;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import com.fasterxml.uuid.Generators;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The table {@code auth.workspaces}. A workspace exists for its members only. */
public final class Workspaces {
    private static final String LIST = """
            select w.id, w.slug, w.name, m.role::text as role, w.created_at, w.updated_at
            from auth.memberships m join auth.workspaces w on w.id = m.workspace_id
            where m.user_id = $1 and w.id > $2
            order by w.id limit $3
            """;

    private static final String GET = """
            select w.id, w.slug, w.name, m.role::text as role, w.created_at, w.updated_at
            from auth.workspaces w join auth.memberships m on m.workspace_id = w.id and m.user_id = $1
            where w.id = $2 or w.slug = $3
            """;

    private static final String FOUND = "select auth.found_workspace($1, $2, $3, $4)";

    private static final String UPDATE = """
            update auth.workspaces set name = coalesce($2, name), slug = coalesce($3, slug), updated_at = now()
            where id = $1
            """;

    /** What is left of purged documents is only that their ids were used. */
    private static final String FORGET_PURGED =
            "delete from auth.documents where workspace_id = $1 and state = 'purged'";

    private static final String DELETE = "delete from auth.workspaces where id = $1";

    /** Ways to tell workspaces of the same name apart that are tried. */
    private static final int SUFFIXES = 3;

    private final Database tenant;
    private final int perUser;
    private final Facts facts;
    private final Announcements announcements;

    /** Takes how many workspaces one user may own. */
    public Workspaces(Database tenant, int perUser, Facts facts, Announcements announcements) {
        this.tenant = tenant;
        this.perUser = perUser;
        this.facts = facts;
        this.announcements = announcements;
    }

    public Future<Page<Workspace>> list(UUID userId, PageRequest page) {
        return tenant.asUser(userId, LIST, Tuple.of(userId, page.after(), page.limit() + 1))
                .map(rows -> Page.of(page, rows.stream().map(Workspace::of).toList(), Workspace::id));
    }

    /** Fails with {@code not_found}. */
    public Future<Workspace> get(UUID userId, WorkspaceRef ref) {
        return tenant.asUser(userId, GET, Tuple.of(userId, ref.id(), ref.slug()))
                .map(Workspaces::theOne);
    }

    /**
     * A workspace of which the user is the owner.
     *
     * @param slug empty: taken from the name, with something added when that is taken
     */
    public Future<Workspace> create(UUID userId, String name, Optional<String> slug) {
        return slug.map(wanted -> create(userId, name, wanted))
                .orElseGet(() -> createUnlike(userId, name, Fields.slugFrom(name), SUFFIXES));
    }

    /** Owners only; absent values stay. Fails with {@code slug_taken}. */
    public Future<Workspace> update(UUID userId, WorkspaceRef ref, Optional<String> name, Optional<String> slug) {
        return tenant.asUser(
                userId,
                transaction -> require(transaction, userId, ref, Role.OWNER)
                        .compose(membership -> transaction
                                .preparedQuery(UPDATE)
                                .execute(Tuple.of(membership.workspaceId(), name.orElse(null), slug.orElse(null)))
                                .recover(Violations::explain)
                                .compose(updated -> get(transaction, userId, byId(membership.workspaceId())))));
    }

    /** Owners only. Fails with {@code workspace_not_empty}. */
    public Future<Void> delete(UUID userId, WorkspaceRef ref) {
        return tenant.asUser(
                        userId,
                        transaction -> require(transaction, userId, ref, Role.OWNER)
                                .compose(membership -> delete(transaction, membership.workspaceId())))
                .compose(announcements::workspaceDeleted);
    }

    /**
     * The user's place in a workspace, inside a transaction of which {@code userId} is the user. Fails with
     * {@code not_found} when they have none, with {@code forbidden} when it is a lesser one.
     */
    public static Future<Membership> require(SqlClient transaction, UUID userId, WorkspaceRef ref, Role needed) {
        return get(transaction, userId, ref).map(workspace -> {
            if (!workspace.role().includes(needed)) {
                throw needs(needed);
            }
            return new Membership(workspace.id(), workspace.role());
        });
    }

    private static Future<Workspace> get(SqlClient transaction, UUID userId, WorkspaceRef ref) {
        return transaction
                .preparedQuery(GET)
                .execute(Tuple.of(userId, ref.id(), ref.slug()))
                .map(Workspaces::theOne);
    }

    private static Workspace theOne(RowSet<Row> rows) {
        return rows.stream().findFirst().map(Workspace::of).orElseThrow(Workspaces::noWorkspace);
    }

    private Future<Workspace> create(UUID userId, String name, String slug) {
        UUID id = Generators.timeBasedEpochGenerator().generate();
        return tenant.asUser(
                        userId,
                        transaction -> transaction
                                .preparedQuery(FOUND)
                                .execute(Tuple.of(id, slug, name, perUser))
                                .recover(Violations::explain)
                                .map(rows ->
                                        requireFounded(rows.iterator().next().getBoolean(0)))
                                .compose(founded ->
                                        facts.memberChanged(transaction, id, userId, Optional.of(Role.OWNER), userId))
                                .compose(stated -> get(transaction, userId, byId(id))))
                .compose(
                        workspace -> announcements.membershipChanged(id, userId).map(workspace));
    }

    private Future<Workspace> createUnlike(UUID userId, String name, String slug, int suffixes) {
        return create(userId, name, slug)
                .recover(failure -> suffixes > 0 && isSlugTaken(failure)
                        ? createUnlike(userId, name, withSuffix(Fields.slugFrom(name)), suffixes - 1)
                        : Future.failedFuture(failure));
    }

    private static boolean isSlugTaken(Throwable failure) {
        return failure instanceof Problem problem && problem.code() == ProblemCode.SLUG_TAKEN;
    }

    /** Six letters and digits more, in the 48 that a slug may have. */
    private static String withSuffix(String slug) {
        String suffix = Integer.toString(ThreadLocalRandom.current().nextInt(36 * 36 * 36 * 36 * 36), 36);
        return slug.substring(0, Math.min(slug.length(), 41)) + "-" + suffix;
    }

    private @Nullable Void requireFounded(boolean founded) {
        if (!founded) {
            throw Problem.of(
                    ProblemCode.FORBIDDEN, "You own " + perUser + " workspaces already, which is as many as one may.");
        }
        return null;
    }

    private static Future<UUID> delete(SqlConnection transaction, UUID id) {
        return transaction
                .preparedQuery(FORGET_PURGED)
                .execute(Tuple.of(id))
                .compose(forgotten -> transaction.preparedQuery(DELETE).execute(Tuple.of(id)))
                .recover(Violations::explain)
                .map(id);
    }

    private static WorkspaceRef byId(UUID id) {
        return new WorkspaceRef(id, null);
    }

    public static Problem noWorkspace() {
        return Problem.of(ProblemCode.NOT_FOUND, "There is no such workspace.");
    }

    /** Told to members of a lesser role. */
    public static Problem needs(Role role) {
        return Problem.of(ProblemCode.FORBIDDEN, "This needs the role " + role.word() + " in the workspace.");
    }
}
