package ai.materi.platform.postgres;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The database as one login role sees it. Tenant tables have FORCE ROW LEVEL SECURITY: as a runtime role, rows are there
 * only inside {@link #asUser}, for that user. Every failure that is the database's own is a {@code Problem}:
 * {@code overloaded}, {@code unavailable} or {@code timed_out}; a statement that is wrong in itself is {@code internal} and
 * logged; what the data is to blame for stays a {@code PgException}.
 */
public final class Database {
    private final Pool pool;
    private final LoopClients reading;
    private final LoopClients writing;
    private final List<LoopClients> alone = new CopyOnWriteArrayList<>();
    private final Supplier<SqlClient> connections;
    private final SqlClient client;
    private final SqlClient writer;
    private final QueryTimer writes;
    private final QueryTimer transactions;

    private Database(
            Pool pool,
            LoopClients reading,
            LoopClients writing,
            Supplier<SqlClient> connections,
            MeterRegistry meters,
            String role) {
        this.pool = pool;
        this.reading = reading;
        this.writing = writing;
        this.connections = connections;
        this.writes = new QueryTimer(meters, role, "write");
        this.client = new GuardedClient(reading, new QueryTimer(meters, role, "statement"));
        this.writer = new GuardedClient(writing, writes);
        this.transactions = new QueryTimer(meters, role, "transaction");
    }

    static Database of(
            Vertx vertx, PgConnectOptions options, PostgresSettings settings, MeterRegistry meters, String role) {
        PoolOptions bounds = new PoolOptions()
                .setName(role)
                .setMaxSize(settings.poolSize())
                .setMaxWaitQueueSize(settings.maxWaiting())
                .setConnectionTimeout(Math.toIntExact(settings.acquireTimeout().toMillis()))
                .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS);
        AtomicInteger alone = new AtomicInteger();
        return new Database(
                PgBuilder.pool().with(bounds).connectingTo(options).using(vertx).build(),
                loopClients(vertx, options, settings, role + "_pipelined_"),
                loopClients(vertx, options, settings, role + "_writing_"),
                () -> pipelined(vertx, options, settings, role + "_alone_" + alone.getAndIncrement()),
                meters,
                role);
    }

    private static LoopClients loopClients(
            Vertx vertx, PgConnectOptions options, PostgresSettings settings, String name) {
        return new LoopClients(IntStream.range(0, settings.pipelinedConnections())
                .mapToObj(number -> pipelined(vertx, options, settings, name + number))
                .toList());
    }

    /** No timeout: it would cost a timer a statement. The queue is bounded, and so is the time of a statement. */
    private static SqlClient pipelined(Vertx vertx, PgConnectOptions options, PostgresSettings settings, String name) {
        return PgBuilder.client()
                .with(new PoolOptions()
                        .setName(name)
                        .setMaxSize(1)
                        .setMaxWaitQueueSize(settings.maxWaiting())
                        .setConnectionTimeout(0))
                .with(settings.socket())
                .connectingTo(options)
                .using(vertx)
                .build();
    }

    /**
     * One transaction with the user set: BEGIN, {@code set_config('materi.user_id', …, true)}, work, COMMIT, pipelined.
     * Rolls back when the work fails and passes its failure on. Fails with {@code overloaded} when the pool's bounded queue
     * is full and {@code unavailable} when PostgreSQL is away.
     */
    public <T> Future<T> asUser(UUID userId, Function<SqlConnection, Future<T>> work) {
        return withConnection(connection -> new TenantTransaction(connection, userId).run(work));
    }

    /** Like {@link #asUser} for one prepared statement; all four commands travel in one flight. */
    public Future<RowSet<Row>> asUser(UUID userId, String sql, Tuple parameters) {
        return withConnection(connection -> new TenantTransaction(connection, userId).single(sql, parameters));
    }

    /** One transaction without a user: sees only what the role's own policies show. */
    public <T> Future<T> transaction(Function<SqlConnection, Future<T>> work) {
        return withConnection(connection -> new TenantTransaction(connection, null).run(work));
    }

    /** Pipelined single statements; for functions that set the user themselves as their first statement. */
    public SqlClient client() {
        return client;
    }

    /**
     * The same for statements that commit something, on connections of their own: a commit waits for the disk, and what is
     * behind it on its connection waits along. A connection is opened when it is first used.
     */
    public SqlClient writer() {
        return writer;
    }

    /** One more connection for writing, on which nothing else travels: opened when it is first used, closed with the rest. */
    public SqlClient alone() {
        LoopClients one = new LoopClients(List.of(connections.get()));
        alone.add(one);
        return new GuardedClient(one, writes);
    }

    private <T> Future<T> withConnection(Function<SqlConnection, Future<T>> use) {
        return transactions.watch(pool.getConnection()
                .compose(connection -> use.apply(connection)
                        .onComplete(done -> giveBack(connection, done.failed() ? done.cause() : null))));
    }

    private static void giveBack(SqlConnection connection, @Nullable Throwable failure) {
        if (failure != null && ReadOnlyServer.refused(failure)) {
            ReadOnlyServer.leave(connection).onComplete(gone -> connection.close());
        } else {
            connection.close();
        }
    }

    Future<Void> close() {
        List<Future<?>> closing = new ArrayList<>(List.of(pool.close(), reading.close(), writing.close()));
        alone.forEach(one -> closing.add(one.close()));
        return Future.join(closing).mapEmpty();
    }
}
