package ai.materi.auth.workspaces;

import ai.materi.auth.faults.Violations;
import ai.materi.auth.news.Announcements;
import ai.materi.auth.news.Facts;
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

/**
 * The table {@code auth.memberships}. Admins say who is in and as what; owners alone make and unmake owners; anybody may
 * leave. That an owner remains is held by a trigger, and who may write what once more by the policies of the table.
 */
public final class Members {
    private static final String LIST = """
            select u.id, u.email, u.name, u.created_at, m.role::text as role, m.added_at
            from auth.memberships m join auth.users u on u.id = m.user_id
            where m.workspace_id = $1 and m.user_id > $2
            order by m.user_id limit $3
            """;

    private static final String GET = """
            select u.id, u.email, u.name, u.created_at, m.role::text as role, m.added_at
            from auth.memberships m join auth.users u on u.id = m.user_id
            where m.workspace_id = $1 and m.user_id = $2
            """;

    private static final String PUT = """
            insert into auth.memberships (workspace_id, user_id, role) values ($1, $2, $3::text::auth.role)
            on conflict (workspace_id, user_id) do update set role = excluded.role
            """;

    private static final String REMOVE = "delete from auth.memberships where workspace_id = $1 and user_id = $2";

    private final Database tenant;
    private final Users users;
    private final Facts facts;
    private final Announcements announcements;

    public Members(Database tenant, Users users, Facts facts, Announcements announcements) {
        this.tenant = tenant;
        this.users = users;
        this.facts = facts;
        this.announcements = announcements;
    }

    public Future<Page<Member>> list(UUID userId, WorkspaceRef workspace, PageRequest page) {
        return tenant.asUser(
                userId,
                transaction -> Workspaces.require(transaction, userId, workspace, Role.VIEWER)
                        .compose(mine -> transaction
                                .preparedQuery(LIST)
                                .execute(Tuple.of(mine.workspaceId(), page.after(), page.limit() + 1)))
                        .map(rows -> Page.of(
                                page,
                                rows.stream().map(Member::of).toList(),
                                member -> member.user().id())));
    }

    /** Adds a member or changes a role. Fails with {@code unknown_user} or {@code last_owner}. */
    public Future<Member> put(UUID userId, WorkspaceRef workspace, UserRef whom, Role role) {
        return users.find(whom)
                .compose(
                        found -> tenant.asUser(userId, transaction -> put(transaction, userId, workspace, found, role)))
                .compose(change -> change.announced(announcements));
    }

    /** Anybody may remove themselves. Fails with {@code last_owner}. */
    public Future<Void> remove(UUID userId, WorkspaceRef workspace, UUID whom) {
        Role needed = whom.equals(userId) ? Role.VIEWER : Role.ADMIN;
        return tenant.asUser(
                        userId,
                        transaction -> Workspaces.require(transaction, userId, workspace, needed)
                                .compose(mine -> remove(transaction, userId, mine, whom)))
                .compose(workspaceId -> announcements.membershipChanged(workspaceId, whom));
    }

    /** A member as it is after the call, and whether that is news. */
    private record Put(UUID workspaceId, Member member, boolean isNews) {
        Future<Member> announced(Announcements announcements) {
            return isNews
                    ? announcements
                            .membershipChanged(workspaceId, member.user().id())
                            .map(member)
                    : Future.succeededFuture(member);
        }
    }

    /** The right to look comes before what there is to be seen: only an admin learns whether somebody is registered. */
    private Future<Put> put(
            SqlConnection transaction, UUID userId, WorkspaceRef workspace, Optional<User> found, Role role) {
        return Workspaces.require(transaction, userId, workspace, Role.ADMIN).compose(mine -> {
            User whom = found.orElseThrow(Members::unknownUser);
            return get(transaction, mine.workspaceId(), whom.id())
                    .compose(present -> put(transaction, userId, mine, whom, present, role));
        });
    }

    private Future<Put> put(
            SqlConnection transaction, UUID userId, Membership mine, User whom, Optional<Member> present, Role role) {
        requireRank(mine, role);
        present.ifPresent(member -> requireRank(mine, member.role()));
        if (present.filter(member -> member.role() == role).isPresent()) {
            return Future.succeededFuture(new Put(mine.workspaceId(), present.orElseThrow(), false));
        }
        return transaction
                .preparedQuery(PUT)
                .execute(Tuple.of(mine.workspaceId(), whom.id(), role.word()))
                .recover(Violations::explain)
                .compose(written ->
                        facts.memberChanged(transaction, mine.workspaceId(), whom.id(), Optional.of(role), userId))
                .compose(stated -> get(transaction, mine.workspaceId(), whom.id()))
                .map(member -> new Put(mine.workspaceId(), member.orElseThrow(), true));
    }

    private Future<UUID> remove(SqlConnection transaction, UUID userId, Membership mine, UUID whom) {
        return get(transaction, mine.workspaceId(), whom)
                .map(present -> present.orElseThrow(Members::noMember))
                .map(member -> {
                    requireRank(mine, member.role());
                    return member;
                })
                .compose(member -> transaction.preparedQuery(REMOVE).execute(Tuple.of(mine.workspaceId(), whom)))
                .recover(Violations::explain)
                .compose(
                        removed -> facts.memberChanged(transaction, mine.workspaceId(), whom, Optional.empty(), userId))
                .map(mine.workspaceId());
    }

    private static Future<Optional<Member>> get(SqlConnection transaction, UUID workspaceId, UUID userId) {
        return transaction
                .preparedQuery(GET)
                .execute(Tuple.of(workspaceId, userId))
                .map(rows -> rows.stream().findFirst().map(Member::of));
    }

    private static void requireRank(Membership mine, Role role) {
        if (role == Role.OWNER && mine.role() != Role.OWNER) {
            throw Problem.of(ProblemCode.FORBIDDEN, "Owners alone make and unmake owners.");
        }
    }

    private static Problem unknownUser() {
        return Problem.of(ProblemCode.UNKNOWN_USER, "Nobody is registered under this id or address.");
    }

    private static Problem noMember() {
        return Problem.of(ProblemCode.NOT_FOUND, "There is no such member.");
    }
}
