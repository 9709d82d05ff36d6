package ai.materi.gateway.chaos;

import ai.materi.platform.embedded.EmbeddedException;
import ai.materi.platform.embedded.EmbeddedPostgres;
import ai.materi.platform.embedded.EmbeddedRedis;
import ai.materi.platform.embedded.Programs;
import ai.materi.platform.node.Cable;
import ai.materi.platform.node.TestServices;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The PostgreSQL and the Redis of a stand, and the lines that lead to them, which go on to whichever instance runs. */
final class StoredServices implements AutoCloseable {
    private static final String PASSWORD = "of-the-fault-bench";
    private static final int TRIES = 20;

    private final Vertx vertx;
    private final Path data;
    private final Programs programs;
    private final List<Cable> toPostgres = new CopyOnWriteArrayList<>();
    private final List<Cable> toRedis = new CopyOnWriteArrayList<>();
    private EmbeddedPostgres postgres;
    private EmbeddedRedis redis;

    StoredServices(Vertx vertx, Path data) {
        this.vertx = vertx;
        this.data = data;
        this.programs = Programs.cachedOr(data);
        this.postgres = EmbeddedPostgres.start(data, programs, PASSWORD);
        this.redis = EmbeddedRedis.start(data, programs, PASSWORD);
    }

    /** A line of its own to PostgreSQL, for a node. */
    Cable lineToPostgres() {
        Cable line = Cable.to(vertx, postgres.url());
        toPostgres.add(line);
        return line;
    }

    Cable lineToRedis() {
        Cable line = Cable.to(vertx, redis.url());
        toRedis.add(line);
        return line;
    }

    String postgresUrl() {
        return postgres.url();
    }

    String redisUrl() {
        return redis.url();
    }

    /** Where both keep what they store. */
    Path data() {
        return data;
    }

    Path postgresLog() {
        return data.resolve("log").resolve("postgres.log");
    }

    /** Past every line, as the owner. */
    Connection connect() throws SQLException {
        return TestServices.connect(postgres.url());
    }

    // --- PostgreSQL ---

    /** Ends sessions and the server in order (a fast shutdown). */
    void stopPostgres() throws InterruptedException {
        postgres.stop();
    }

    /** SIGKILL to the server and each of its sessions. */
    void killPostgres() throws IOException, InterruptedException {
        Signals.sendToAll("KILL", postgresProcess());
        Patience.until("PostgreSQL is gone", () -> !postgres.alive());
    }

    /** Again with the same data; the lines lead there. */
    void startPostgres() throws InterruptedException {
        for (int tries = 1; !postgres.alive(); tries++) {
            try {
                postgres = EmbeddedPostgres.start(data, programs, PASSWORD);
            } catch (EmbeddedException notYet) {
                if (tries == TRIES) {
                    throw notYet;
                }
                Patience.last(Duration.ofMillis(200));
            }
        }
        toPostgres.forEach(line -> line.leadTo(postgres.url()));
    }

    void pausePostgres() throws IOException, InterruptedException {
        Signals.sendToAll("STOP", postgresProcess());
    }

    void resumePostgres() throws IOException, InterruptedException {
        Signals.sendToAll("CONT", postgresProcess());
    }

    private ProcessHandle postgresProcess() {
        return ProcessHandle.of(postgres.pid()).orElseThrow(() -> new IllegalStateException("PostgreSQL is gone"));
    }

    // --- Redis ---

    void killRedis() throws IOException, InterruptedException {
        Signals.send(
                "KILL", ProcessHandle.of(redis.pid()).orElseThrow(() -> new IllegalStateException("Redis is gone")));
        Patience.until("Redis is gone", () -> !redis.alive());
    }

    void startRedis() {
        redis = EmbeddedRedis.start(data, programs, PASSWORD);
        toRedis.forEach(line -> line.leadTo(redis.url()));
    }

    /** What its password is, for those who talk to it themselves. */
    static String redisPassword(URI url) {
        return url.getUserInfo().substring(1);
    }

    @Override
    public void close() {
        try {
            redis.stop();
            postgres.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
