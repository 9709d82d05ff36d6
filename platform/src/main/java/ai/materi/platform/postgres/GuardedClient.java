package ai.materi.platform.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.PrepareOptions;
import io.vertx.sqlclient.PreparedQuery;
import io.vertx.sqlclient.Query;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlResult;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collector;

/** The pipelined connections of a role, whose failures mean what those of its transactions mean. */
record GuardedClient(LoopClients clients, QueryTimer timer) implements SqlClient {
    @Override
    public Query<RowSet<Row>> query(String sql) {
        return new GuardedQuery<>(clients.mine().query(sql), timer);
    }

    @Override
    public PreparedQuery<RowSet<Row>> preparedQuery(String sql) {
        return new GuardedPreparedQuery<>(clients.mine().preparedQuery(sql), timer);
    }

    @Override
    public PreparedQuery<RowSet<Row>> preparedQuery(String sql, PrepareOptions options) {
        return new GuardedPreparedQuery<>(clients.mine().preparedQuery(sql, options), timer);
    }

    /** Closed with its role's pool, not by those who borrow it. */
    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }

    private record GuardedQuery<T>(Query<T> query, QueryTimer timer) implements Query<T> {
        @Override
        public Future<T> execute() {
            return timer.watch(query.execute());
        }

        @Override
        public <R> Query<SqlResult<R>> collecting(Collector<Row, ?, R> collector) {
            return new GuardedQuery<>(query.collecting(collector), timer);
        }

        @Override
        public <U> Query<RowSet<U>> mapping(Function<Row, U> mapper) {
            return new GuardedQuery<>(query.mapping(mapper), timer);
        }
    }

    private record GuardedPreparedQuery<T>(PreparedQuery<T> query, QueryTimer timer) implements PreparedQuery<T> {
        @Override
        public Future<T> execute() {
            return timer.watch(query.execute());
        }

        @Override
        public Future<T> execute(Tuple tuple) {
            return timer.watch(query.execute(tuple));
        }

        @Override
        public Future<T> executeBatch(List<Tuple> batch) {
            return timer.watch(query.executeBatch(batch));
        }

        @Override
        public <R> PreparedQuery<SqlResult<R>> collecting(Collector<Row, ?, R> collector) {
            return new GuardedPreparedQuery<>(query.collecting(collector), timer);
        }

        @Override
        public <U> PreparedQuery<RowSet<U>> mapping(Function<Row, U> mapper) {
            return new GuardedPreparedQuery<>(query.mapping(mapper), timer);
        }
    }
}
