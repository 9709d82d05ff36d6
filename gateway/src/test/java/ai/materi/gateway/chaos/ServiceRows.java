package ai.materi.gateway.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;

/** PostgreSQL and Redis away, slow, or empty, under one node. */
final class ServiceRows {
    private static final double BACK_SECONDS = 5;

    private ServiceRows() {}

    static List<Row> all() {
        return List.of(
                Row.of(
                        "postgres-stopped",
                        "PostgreSQL is shut down and stays away until edits are refused",
                        1,
                        BACK_SECONDS,
                        ServiceRows::stopped),
                Row.of(
                                "postgres-killed",
                                "SIGKILL to PostgreSQL and its sessions; it stays away until edits are refused",
                                1,
                                BACK_SECONDS,
                                ServiceRows::killed)
                        .inShort(),
                Row.of(
                                "postgres-paused",
                                "PostgreSQL and its sessions are stopped with SIGSTOP until edits are refused",
                                1,
                                BACK_SECONDS,
                                ServiceRows::paused)
                        .inShort(),
                Row.of("postgres-restarted", "PostgreSQL is shut down and started at once", 1, BACK_SECONDS, trial -> {
                    trial.services().stopPostgres();
                    trial.services().startPostgres();
                    trial.over();
                }),
                Row.of(
                        "postgres-slow",
                        "each byte from and to PostgreSQL comes 100 to 300 ms later, for 6 s",
                        1,
                        BACK_SECONDS,
                        ServiceRows::slow),
                Row.of(
                        "log-locked",
                        "the log's table is locked for longer than the lock timeout",
                        1,
                        BACK_SECONDS,
                        ServiceRows::locked),
                Row.of(
                                "disk-full",
                                "PostgreSQL's disk is full until edits are refused",
                                1,
                                BACK_SECONDS,
                                ServiceRows::diskFull)
                        .onSmallDisk()
                        .needing(SmallDisk::lacks),
                Row.of(
                        "postgres-failover",
                        "a standby is promoted; the old primary goes on, and takes no writes",
                        1,
                        BACK_SECONDS,
                        ServiceRows::failover),
                Row.of("redis-killed", "SIGKILL to Redis, which stays away for 3 s", 1, BACK_SECONDS, trial -> {
                    Unharmed writers = trial.watch(trial.stayersAt(1));
                    trial.services().killRedis();
                    trial.last(3);
                    writers.writeOn();
                    trial.services().startRedis();
                    trial.over();
                    writers.stayed();
                }),
                Row.of("redis-flushed", "FLUSHALL", 1, BACK_SECONDS, trial -> {
                    Unharmed writers = trial.watch(trial.stayersAt(1));
                    flush(URI.create(trial.services().redisUrl()));
                    writers.writeOn();
                    trial.over();
                    writers.stayed();
                }));
    }

    private static void stopped(Trial trial) throws Exception {
        trial.afterwards(trial.services()::startPostgres);
        trial.services().stopPostgres();
        sitOut(trial);
        trial.services().startPostgres();
        trial.over();
    }

    private static void killed(Trial trial) throws Exception {
        trial.afterwards(trial.services()::startPostgres);
        trial.services().killPostgres();
        sitOut(trial);
        trial.services().startPostgres();
        trial.over();
    }

    private static void paused(Trial trial) throws Exception {
        trial.afterwards(trial.services()::resumePostgres);
        trial.services().pausePostgres();
        sitOut(trial);
        trial.services().resumePostgres();
        trial.over();
    }

    private static void sitOut(Trial trial) {
        trial.peersSeeWhatWaits();
        trial.untilRefused();
    }

    private static void slow(Trial trial) {
        trial.node(1).toPostgres().delay(100 + trial.dice().nextInt(200));
        trial.peersSeeWhatWaits();
        trial.last(6);
        trial.node(1).toPostgres().mend();
        trial.over();
    }

    private static void locked(Trial trial) throws Exception {
        try (LogLock lock = LogLock.open(trial.services()).takeUpdates()) {
            lock.awaitQueue("%collab.append_updates%");
            sitOut(trial);
            trial.last(6);
        }
        trial.over();
    }

    private static void diskFull(Trial trial) throws Exception {
        StoredServices services = trial.services();
        trial.afterwards(services::startPostgres);
        trial.afterwards(() -> SmallDisk.empty(services.data()));
        SmallDisk.fill(services.data());
        sitOut(trial);
        String log = Files.readString(services.postgresLog(), StandardCharsets.ISO_8859_1);
        if (!log.contains("No space left on device")) {
            trial.violated("PostgreSQL never found its disk full");
        }
        SmallDisk.empty(services.data());
        services.startPostgres();
        trial.over();
    }

    private static void failover(Trial trial) throws Exception {
        Unharmed writers = trial.watch(trial.stayersAt(1));
        trial.afterwards(trial.services()::stopOldPrimary);
        trial.services().follow();
        trial.services().failOver();
        writers.writeOn();
        trial.over();
    }

    private static void flush(URI redis) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), redis.getPort())) {
            String commands = "AUTH " + StoredServices.redisPassword(redis) + "\r\nFLUSHALL\r\n";
            socket.getOutputStream().write(commands.getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readNBytes("+OK\r\n+OK".length());
            if (!new String(answer, StandardCharsets.US_ASCII).equals("+OK\r\n+OK")) {
                throw new IOException("Redis did not forget everything");
            }
        }
    }
}
