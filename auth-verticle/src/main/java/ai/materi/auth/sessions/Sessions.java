package ai.materi.auth.sessions;

import ai.materi.auth.news.Announcements;
import ai.materi.auth.news.Facts;
import ai.materi.auth.users.User;
import ai.materi.auth.users.UserRef;
import ai.materi.auth.users.Users;
import ai.materi.platform.postgres.Database;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import com.fasterxml.uuid.Generators;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * The table {@code auth.sessions}: the truth about who is signed in. A refresh token is good once. Presented a second time
 * it ends its session, because one of the two who presented it must have stolen it; except that within a short grace it
 * answers the same successor again, so that two tabs that refresh at once, or a page whose answer got lost, stay signed in.
 * A thief gains nothing by that: both then hold the same successor, and its second use is noticed in its turn.
 */
public final class Sessions {
    /** Refreshes within one grace that a late one is led along, from token to successor. */
    private static final int MAX_HOPS = 8;

    private static final String INSERT =
            "insert into auth.sessions (id, user_id, expires_at) values ($1, $2, now() + make_interval(secs => $3))";

    private static final String PROLONG =
            "update auth.sessions set expires_at = now() + make_interval(secs => $2) where id = $1";

    private static final String END =
            "update auth.sessions set revoked_at = now() where id = $1 and revoked_at is null returning id, user_id";

    private static final String END_BY_TOKEN = """
            update auth.sessions set revoked_at = now()
            where id = (select session_id from auth.refresh_tokens where token_hash = $1) and revoked_at is null
            returning id, user_id
            """;

    /** One at a time for a user, so that the bound holds for any number of logins at once. */
    private static final String LOCK_USER = "select pg_advisory_xact_lock(hashtextextended($1, 0))";

    private static final String END_OLDEST = """
            update auth.sessions set revoked_at = now()
            where id in (
                select id from auth.sessions
                where user_id = $1 and revoked_at is null and expires_at > now()
                order by created_at desc, id desc offset $2
            )
            returning id, user_id
            """;

    private static final String OWNER = """
            select u.id, u.email, u.name, u.created_at
            from auth.sessions s join auth.users u on u.id = s.user_id
            where s.id = $1 and s.user_id = $2 and s.revoked_at is null and s.expires_at > now()
            """;

    private static final String FORGET = """
            delete from auth.sessions where id in (
                select id from auth.sessions where expires_at < now() - interval '1 day' order by expires_at limit 1000
            )
            """;

    private final Database login;
    private final Users users;
    private final RefreshTokens tokens;
    private final SessionSettings settings;
    private final Facts facts;
    private final Announcements announcements;

    public Sessions(Database login, Users users, SessionSettings settings, Facts facts, Announcements announcements) {
        this.login = login;
        this.users = users;
        this.tokens = new RefreshTokens(settings);
        this.settings = settings;
        this.facts = facts;
        this.announcements = announcements;
    }

    public Future<OpenSession> open(User user) {
        return login.transaction(transaction -> open(transaction, user)
                        .compose(session -> endOldest(transaction, user).map(ended -> new Opened(session, ended))))
                .compose(opened -> announcements.sessionsEnded(opened.ended()).map(opened.session()));
    }

    /** In the transaction that makes the user. */
    public Future<OpenSession> open(SqlConnection transaction, User user) {
        UUID id = Generators.timeBasedEpochGenerator().generate();
        return transaction
                .preparedQuery(INSERT)
                .execute(Tuple.of(id, user.id(), refreshSeconds()))
                .compose(inserted -> tokens.issue(transaction, id))
                .map(token -> new OpenSession(id, user, token.text()));
    }

    /** Exchanges a refresh token for the next one. Fails with {@code invalid_token}. */
    public Future<OpenSession> refresh(String refreshToken) {
        return RefreshToken.parse(refreshToken)
                .map(token -> login.transaction(transaction -> rotate(transaction, token, 0)))
                .orElseGet(() -> Future.succeededFuture(new Rotation.Refused()))
                .compose(this::renewed);
    }

    /** Ends the session of this id; nothing happens when it has ended before. */
    public Future<Void> end(UUID sessionId) {
        return endAndTell(transaction -> transaction.preparedQuery(END).execute(Tuple.of(sessionId)));
    }

    /** Ends the session that this refresh token belongs to, if there is one. */
    public Future<Void> endByToken(String refreshToken) {
        return RefreshToken.parse(refreshToken)
                .map(token -> endAndTell(
                        transaction -> transaction.preparedQuery(END_BY_TOKEN).execute(Tuple.of(token.hash()))))
                .orElseGet(Future::succeededFuture);
    }

    /** The user of a session that is alive. Fails with {@code session_ended}. */
    public Future<User> owner(UUID sessionId, UUID userId) {
        return login.client()
                .preparedQuery(OWNER)
                .execute(Tuple.of(sessionId, userId))
                .map(rows -> rows.stream()
                        .findFirst()
                        .map(User::of)
                        .orElseThrow(() -> Problem.of(ProblemCode.SESSION_ENDED, "The session has ended.")));
    }

    /** For how long a refresh token is good. */
    public Duration refreshTtl() {
        return settings.refreshTtl();
    }

    /** Forgets sessions that expired more than a day ago, with their tokens; called hourly, bounded. */
    public Future<Void> forgetExpired() {
        return login.client().query(FORGET).execute().mapEmpty();
    }

    private double refreshSeconds() {
        return settings.refreshTtl().toSeconds();
    }

    private record Opened(OpenSession session, List<UUID> ended) {}

    private interface Ending {
        Future<RowSet<Row>> in(SqlConnection transaction);
    }

    private Future<List<UUID>> endOldest(SqlConnection transaction, User user) {
        return transaction
                .preparedQuery(LOCK_USER)
                .execute(Tuple.of("sessions of " + user.id()))
                .compose(locked ->
                        transaction.preparedQuery(END_OLDEST).execute(Tuple.of(user.id(), settings.perUser())))
                .compose(rows -> state(transaction, rows));
    }

    private Future<Void> endAndTell(Ending ending) {
        return login.transaction(transaction -> ending.in(transaction).compose(rows -> state(transaction, rows)))
                .compose(announcements::sessionsEnded);
    }

    /** Puts the end of each session into the outbox. */
    private Future<List<UUID>> state(SqlConnection transaction, RowSet<Row> ended) {
        Future<Void> stated = Future.succeededFuture();
        for (Row row : ended) {
            stated = stated.compose(
                    before -> facts.sessionRevoked(transaction, row.getUUID("id"), row.getUUID("user_id")));
        }
        return stated.map(all -> ended.stream().map(row -> row.getUUID("id")).toList());
    }

    private Future<Rotation> rotate(SqlConnection transaction, RefreshToken token, int hops) {
        return tokens.lock(transaction, token)
                .compose(found -> found.filter(RefreshTokens.Standing::alive)
                        .map(standing -> rotate(transaction, token, standing, hops))
                        .orElseGet(() -> Future.succeededFuture(new Rotation.Refused())));
    }

    private Future<Rotation> rotate(
            SqlConnection transaction, RefreshToken token, RefreshTokens.Standing standing, int hops) {
        if (!standing.used()) {
            return hops == 0 ? replace(transaction, token, standing) : answered(standing, token);
        }
        if (!standing.inGrace() || hops == MAX_HOPS) {
            return transaction
                    .preparedQuery(END)
                    .execute(Tuple.of(standing.sessionId()))
                    .compose(rows -> state(transaction, rows))
                    .map(ended -> new Rotation.Reused(standing.sessionId()));
        }
        return rotate(transaction, token.successor(standing.successor().orElseThrow()), hops + 1);
    }

    private Future<Rotation> replace(SqlConnection transaction, RefreshToken token, RefreshTokens.Standing standing) {
        return tokens.replace(transaction, token, standing.sessionId())
                .compose(successor -> transaction
                        .preparedQuery(PROLONG)
                        .execute(Tuple.of(standing.sessionId(), refreshSeconds()))
                        .compose(prolonged -> answered(standing, successor)));
    }

    private static Future<Rotation> answered(RefreshTokens.Standing standing, RefreshToken token) {
        return Future.succeededFuture(new Rotation.Renewed(standing.sessionId(), standing.userId(), token));
    }

    private Future<OpenSession> renewed(Rotation rotation) {
        if (rotation instanceof Rotation.Renewed renewed) {
            return users.find(new UserRef.ById(renewed.userId()))
                    .compose(found -> found.map(user -> Future.succeededFuture(new OpenSession(
                                    renewed.sessionId(), user, renewed.token().text())))
                            .orElseGet(Sessions::refused));
        }
        if (rotation instanceof Rotation.Reused reused) {
            return announcements.sessionsEnded(List.of(reused.sessionId())).compose(told -> refused());
        }
        return refused();
    }

    private static <T> Future<T> refused() {
        return Future.failedFuture(
                Problem.of(ProblemCode.INVALID_TOKEN, "The refresh token is not valid; sign in again."));
    }
}
