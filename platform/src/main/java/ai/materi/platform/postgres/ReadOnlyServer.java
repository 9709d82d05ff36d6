package ai.materi.platform.postgres;

import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlClient;

/**
 * A server that takes no writes any more, as the old primary after a failover: it goes on answering on the connections that
 * lead to it, while new ones would lead to its successor. So a connection that says so is ended, from the server's end, since
 * a pool gives none of its own away.
 */
final class ReadOnlyServer {
    /** Ends the connection that it is asked on where nothing may be written; else it finds nothing. */
    static final String LEAVE =
            "SELECT pg_terminate_backend(pg_backend_pid()) WHERE current_setting('transaction_read_only') = 'on'";

    private static final String READ_ONLY_TRANSACTION = "25006";

    private ReadOnlyServer() {}

    static boolean refused(Throwable failure) {
        return failure instanceof PgException answer && READ_ONLY_TRANSACTION.equals(answer.getSqlState());
    }

    /** The answer as it is; when it is such a refusal, the connection of the client is on its way out. */
    static <T> Future<T> leaving(SqlClient client, Future<T> answer) {
        return answer.onFailure(failure -> {
            if (refused(failure)) {
                leave(client);
            }
        });
    }

    /** Succeeds when the connection has gone, or need not go. */
    static Future<Void> leave(SqlClient client) {
        return client.query(LEAVE).execute().transform(gone -> Future.succeededFuture());
    }
}
