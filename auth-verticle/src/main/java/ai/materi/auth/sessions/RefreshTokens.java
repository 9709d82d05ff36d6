package ai.materi.auth.sessions;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import java.util.UUID;

/** The table {@code auth.refresh_tokens}: one row a token that was ever given out, until its session is forgotten. */
final class RefreshTokens {
    private static final String INSERT = """
            insert into auth.refresh_tokens (token_hash, session_id, expires_at)
            values ($1, $2, now() + make_interval(secs => $3))
            """;

    /** Locked, so that of two that present the same token one sees what the other did. */
    private static final String LOCK = """
            select r.session_id, s.user_id, r.used_at is not null as used, r.successor,
                coalesce(r.used_at > clock_timestamp() - make_interval(secs => $2), false) as in_grace,
                r.expires_at > now() and s.expires_at > now() and s.revoked_at is null as alive
            from auth.refresh_tokens r join auth.sessions s on s.id = r.session_id
            where r.token_hash = $1
            for update of r
            """;

    private static final String USE =
            "update auth.refresh_tokens set used_at = clock_timestamp(), successor = $2 where token_hash = $1";

    private final SessionSettings settings;

    RefreshTokens(SessionSettings settings) {
        this.settings = settings;
    }

    /**
     * A token as it stands.
     *
     * @param inGrace whether it was used so shortly before that its successor may be answered again
     * @param successor sealed; null before its use
     */
    record Standing(
            UUID sessionId, UUID userId, boolean alive, boolean used, boolean inGrace, Optional<Buffer> successor) {
        static Standing of(Row row) {
            return new Standing(
                    row.getUUID("session_id"),
                    row.getUUID("user_id"),
                    row.getBoolean("alive"),
                    row.getBoolean("used"),
                    row.getBoolean("in_grace"),
                    Optional.ofNullable(row.getBuffer("successor")));
        }
    }

    Future<RefreshToken> issue(SqlConnection transaction, UUID sessionId) {
        RefreshToken token = RefreshToken.random();
        return transaction
                .preparedQuery(INSERT)
                .execute(Tuple.of(
                        token.hash(), sessionId, (double) settings.refreshTtl().toSeconds()))
                .map(token);
    }

    Future<Optional<Standing>> lock(SqlConnection transaction, RefreshToken token) {
        return transaction
                .preparedQuery(LOCK)
                .execute(Tuple.of(token.hash(), settings.refreshGrace().toMillis() / 1000.0))
                .map(rows -> rows.stream().findFirst().map(Standing::of));
    }

    Future<RefreshToken> replace(SqlConnection transaction, RefreshToken token, UUID sessionId) {
        return issue(transaction, sessionId)
                .compose(successor -> transaction
                        .preparedQuery(USE)
                        .execute(Tuple.of(token.hash(), token.sealed(successor)))
                        .map(successor));
    }
}
