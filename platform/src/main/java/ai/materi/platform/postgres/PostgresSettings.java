package ai.materi.platform.postgres;

import ai.materi.platform.config.Settings;
import io.vertx.core.net.NetClientOptions;
import java.time.Duration;

/**
 * The section {@code postgres} of the configuration.
 *
 * @param poolSize connections for transactions, a role
 * @param maxWaiting who may wait for one, a role; also the queue of each pipelined connection
 * @param pipelinedConnections connections for single statements, a role
 * @param acquireTimeout how long to wait for a connection
 */
record PostgresSettings(
        int poolSize,
        int maxWaiting,
        int pipelinedConnections,
        Duration connectTimeout,
        Duration acquireTimeout,
        Duration statementTimeout,
        Duration lockTimeout,
        Duration idleInTransactionTimeout,
        Duration migrationTimeout) {
    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    static PostgresSettings of(Settings postgres) {
        return new PostgresSettings(
                postgres.integer("pool_size", 1, 200),
                postgres.integer("max_waiting", 1, 100_000),
                postgres.integer("pipelined_connections", 1, 64),
                postgres.duration("connect_timeout", SHORTEST, LONGEST),
                postgres.duration("acquire_timeout", SHORTEST, LONGEST),
                postgres.duration("statement_timeout", SHORTEST, LONGEST),
                postgres.duration("lock_timeout", SHORTEST, LONGEST),
                postgres.duration("idle_in_transaction_timeout", SHORTEST, LONGEST),
                postgres.duration("migration_timeout", SHORTEST, LONGEST));
    }

    NetClientOptions socket() {
        return new NetClientOptions()
                .setConnectTimeout(Math.toIntExact(connectTimeout.toMillis()))
                .setTcpKeepAlive(true);
    }
}
