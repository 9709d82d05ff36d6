package ai.materi.platform.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import java.util.UUID;
import java.util.function.Function;

/**
 * The database as one login role sees it. Tenant tables have FORCE ROW LEVEL SECURITY: as a runtime role, rows are there
 * only inside {@link #asUser}, for that user.
 */
public final class Database {
    /**
     * One transaction with the user set: BEGIN, {@code set_config('materi.user_id', …, true)}, work, COMMIT, pipelined.
     * Rolls back when the work fails and passes its failure on. Fails with {@code overloaded} when the pool's bounded queue
     * is full and {@code unavailable} when PostgreSQL is away.
     */
    public <T> Future<T> asUser(UUID userId, Function<SqlConnection, Future<T>> work) {
        throw new UnsupportedOperationException();
    }

    /** One transaction without a user: sees only what the role's own policies show. */
    public <T> Future<T> transaction(Function<SqlConnection, Future<T>> work) {
        throw new UnsupportedOperationException();
    }

    /** Pipelined single statements; for functions that set the user themselves as their first statement. */
    public SqlClient client() {
        throw new UnsupportedOperationException();
    }
}
