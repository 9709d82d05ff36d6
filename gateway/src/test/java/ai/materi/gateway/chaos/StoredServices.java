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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The PostgreSQL and the Redis of a stand, and the lines that lead to them, which go on to whichever instance runs. */
final class StoredServices implements AutoCloseable {
    private static final String PASSWORD = "of-the-fault-bench";
    private static final int TRIES = 20;

    private final Vertx vertx;
    private final Path data;
    private final Programs programs;
    private final List<Cable> toPostgres = new CopyOnWriteArrayList<>();
    private final List<Cable> toRedis = new CopyOnWriteArrayList<>();
    private Path postgresData;
    private int standbys;
    private @Nullable EmbeddedPostgres standby;
    private @Nullable EmbeddedPostgres oldPrimary;
    private EmbeddedPostgres postgres;
    private EmbeddedRedis redis;

    StoredServices(Vertx vertx, Path data) {
        this.vertx = vertx;
        this.data = data;
        this.postgresData = data;
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
        return postgresData.resolve("log").resolve("postgres.log");
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
                postgres = EmbeddedPostgres.start(postgresData, programs, PASSWORD);
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

    // --- failover ---

    /** A standby follows from now on, and whatever is committed is on its disk too: nothing is to be lost by going there. */
    void follow() throws SQLException, IOException, InterruptedException {
        Path folder = Files.createDirectories(data.resolve("standby-" + ++standbys));
        Path copy = folder.resolve("postgres");
        try (Connection primary = connect()) {
            execute(primary, "select pg_backup_start('standby', true)");
            copy(postgresData.resolve("postgres"), copy);
            Files.deleteIfExists(copy.resolve("postmaster.pid"));
            Files.writeString(
                    copy.resolve("backup_label"), ask(primary, "select labelfile from pg_backup_stop(false)"));
            Files.createFile(copy.resolve("standby.signal"));
            URI from = URI.create(postgres.url());
            String line = "host=" + from.getHost() + " port=" + from.getPort() + " user="
                    + from.getUserInfo().split(":", 2)[0] + " password=" + PASSWORD;
            Files.writeString(
                    copy.resolve("postgresql.auto.conf"),
                    "primary_conninfo = '" + line + "'\n",
                    StandardOpenOption.APPEND);
            standby = EmbeddedPostgres.start(folder, programs, PASSWORD);
            execute(primary, "alter system set synchronous_standby_names = '*'");
            execute(primary, "select pg_reload_conf()");
            Patience.until(
                    "the standby has what is committed",
                    () -> ask(primary, "select count(*) from pg_stat_replication where sync_state = 'sync'")
                            .equals("1"));
        }
    }

    /** A file may go while it is copied: what the standby needs of it is in the log. */
    private static void copy(Path from, Path to) throws IOException, InterruptedException {
        new ProcessBuilder("cp", "-a", from.toString(), to.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    /** The primary takes no writes any more, and lives on; the standby takes them, and new connections lead there. */
    void failOver() throws SQLException {
        EmbeddedPostgres next = Objects.requireNonNull(standby, "nobody follows");
        try (Connection primary = connect();
                Connection successor = TestServices.connect(next.url())) {
            execute(primary, "alter system set default_transaction_read_only = on");
            execute(primary, "select pg_reload_conf()");
            Patience.until(
                    "nobody writes any more",
                    () -> ask(primary, "select count(*) from pg_stat_activity where backend_xid is not null")
                            .equals("0"));
            String end = ask(primary, "select pg_current_wal_lsn()");
            Patience.until(
                    "the standby has everything",
                    () -> ask(successor, "select pg_last_wal_replay_lsn() >= '" + end + "'")
                            .equals("t"));
            execute(successor, "select pg_promote()");
        }
        oldPrimary = postgres;
        postgres = next;
        postgresData = data.resolve("standby-" + standbys);
        toPostgres.forEach(line -> line.leadTo(next.url()));
    }

    /** Whoever it was that is not asked any more. */
    void stopOldPrimary() throws InterruptedException {
        EmbeddedPostgres old = oldPrimary;
        if (old != null) {
            old.stop();
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String ask(Connection connection, String sql) {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(sql)) {
            answer.next();
            return answer.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
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
            EmbeddedPostgres follower = standby;
            if (follower != null) {
                follower.stop();
            }
            stopOldPrimary();
            postgres.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
