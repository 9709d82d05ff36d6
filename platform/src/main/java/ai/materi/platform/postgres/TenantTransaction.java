package ai.materi.platform.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.TransactionRollbackException;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A transaction whose commands are all sent before the first answer is awaited. PostgreSQL works them off in order: when
 * BEGIN or the setting of the user fails, what follows fails or, without a user, sees no rows.
 *
 * @param userId null for none
 */
record TenantTransaction(SqlConnection connection, @Nullable UUID userId) {
    /** Prepared, unlike {@code SET LOCAL}; the third argument ends the setting with the transaction. */
    private static final String SET_USER = "SELECT set_config('materi.user_id', $1, true)";

    /** Commits what the work did; rolls back when it fails, and passes its failure on. */
    <T> Future<T> run(Function<SqlConnection, Future<T>> work) {
        Future<Transaction> begun = connection.begin();
        Future<?> userSet = setUser();
        Future<T> worked = start(work);
        return begun.compose(transaction -> settled(worked)
                .compose(ignored -> userSet)
                .compose(ignored -> worked)
                .compose(result -> commit(transaction, result), failure -> rollback(transaction, failure)));
    }

    /** One statement, with BEGIN, the user and COMMIT in the same flight. */
    Future<RowSet<Row>> single(String sql, Tuple parameters) {
        Future<?> begun = connection.query("BEGIN").execute();
        Future<?> userSet = setUser();
        Future<RowSet<Row>> answered = connection.preparedQuery(sql).execute(parameters);
        Future<?> committed = connection.query("COMMIT").execute();
        return settled(committed)
                .compose(ignored -> begun)
                .compose(ignored -> userSet)
                .compose(ignored -> answered)
                .compose(ignored -> committed)
                .compose(ignored -> answered);
    }

    private Future<?> setUser() {
        return userId == null
                ? Future.succeededFuture()
                : connection.preparedQuery(SET_USER).execute(Tuple.of(userId.toString()));
    }

    private <T> Future<T> start(Function<SqlConnection, Future<T>> work) {
        try {
            return work.apply(connection);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private static Future<Void> settled(Future<?> future) {
        return future.transform(ignored -> Future.succeededFuture());
    }

    private static <T> Future<T> commit(Transaction transaction, T result) {
        return transaction
                .commit()
                .map(result)
                .recover(failure -> Future.failedFuture(
                        failure instanceof TransactionRollbackException
                                ? new IllegalStateException(
                                        "a statement failed and its failure was passed over: nothing was committed")
                                : failure));
    }

    private static <T> Future<T> rollback(Transaction transaction, Throwable failure) {
        return transaction.rollback().transform(ignored -> Future.failedFuture(failure));
    }
}
