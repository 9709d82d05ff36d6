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
        SqlClient mine = clients.mine();
        return new GuardedQuery<>(mine, mine.query(sql), timer);
    }

    @Override
    public PreparedQuery<RowSet<Row>> preparedQuery(String sql) {
        SqlClient mine = clients.mine();
        return new GuardedPreparedQuery<>(mine, mine.preparedQuery(sql), timer);
    }

    @Override
    public PreparedQuery<RowSet<Row>> preparedQuery(String sql, PrepareOptions options) {
        SqlClient mine = clients.mine();
        return new GuardedPreparedQuery<>(mine, mine.preparedQuery(sql, options), timer);
    }

    /** Closed with its role's pool, not by those who borrow it. */
    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }

    private record GuardedQuery<T>(SqlClient client, Query<T> query, QueryTimer timer) implements Query<T> {
        @Override
        public Future<T> execute() {
            return timer.watch(ReadOnlyServer.leaving(client, query.execute()));
        }

        @Override
        public <R> Query<SqlResult<R>> collecting(Collector<Row, ?, R> collector) {
            return new GuardedQuery<>(client, query.collecting(collector), timer);
        }

        @Override
        public <U> Query<RowSet<U>> mapping(Function<Row, U> mapper) {
            return new GuardedQuery<>(client, query.mapping(mapper), timer);
        }
    }

    private record GuardedPreparedQuery<T>(SqlClient client, PreparedQuery<T> query, QueryTimer timer)
            implements PreparedQuery<T> {
        @Override
        public Future<T> execute() {
            return timer.watch(ReadOnlyServer.leaving(client, query.execute()));
        }

        @Override
        public Future<T> execute(Tuple tuple) {
            return timer.watch(ReadOnlyServer.leaving(client, query.execute(tuple)));
        }

        @Override
        public Future<T> executeBatch(List<Tuple> batch) {
            return timer.watch(ReadOnlyServer.leaving(client, query.executeBatch(batch)));
        }

        @Override
        public <R> PreparedQuery<SqlResult<R>> collecting(Collector<Row, ?, R> collector) {
            return new GuardedPreparedQuery<>(client, query.collecting(collector), timer);
        }

        @Override
        public <U> PreparedQuery<RowSet<U>> mapping(Function<Row, U> mapper) {
            return new GuardedPreparedQuery<>(client, query.mapping(mapper), timer);
        }
    }
}
