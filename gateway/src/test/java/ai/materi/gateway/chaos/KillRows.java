package ai.materi.gateway.chaos;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/** SIGKILL to the only node, at a named point. */
final class KillRows {
    private static final String FLUSH = "%collab.append_updates%";
    private static final String ATTRIBUTE = "%insert into collab.attribution%";
    private static final String STORE = "%update collab.documents%set snapshot%";
    private static final double BACK_SECONDS = 5;

    private KillRows() {}

    static List<Row> all() {
        return List.of(
                Row.of(
                                "kill-before-commit",
                                "SIGKILL while the flush waits for the log's table; it is never carried out",
                                1,
                                BACK_SECONDS,
                                KillRows::beforeCommit)
                        .inShort(),
                Row.of(
                                "kill-after-commit",
                                "SIGKILL when edits are in the log and their acknowledgements held back on the line",
                                1,
                                BACK_SECONDS,
                                KillRows::afterCommit)
                        .inShort(),
                Row.of(
                                "kill-in-compaction",
                                "SIGKILL while a compaction's transaction is open: before its first row, or before its last",
                                1,
                                BACK_SECONDS,
                                KillRows::inCompaction)
                        .inShort(),
                Row.of("kill-at-random", "SIGKILL at some moment while everybody writes", 1, BACK_SECONDS, trial -> {
                    trial.last(trial.dice().nextDouble());
                    die(trial);
                    revive(trial);
                }));
    }

    private static void beforeCommit(Trial trial) throws Exception {
        try (LogLock lock = LogLock.open(trial.services()).takeUpdates()) {
            lock.awaitQueue(FLUSH);
            trial.peersSeeWhatWaits();
            die(trial);
            lock.endQueue(FLUSH);
        }
        revive(trial);
    }

    private static void afterCommit(Trial trial) throws Exception {
        ChaosNode node = trial.node(1);
        try (Connection connection = trial.services().connect()) {
            node.door().holdAnswers();
            for (Site site : List.of(trial.stayers(), trial.goers())) {
                long head = head(connection, site.id());
                Patience.until("edits are in the log", () -> head(connection, site.id()) > head + 5);
            }
        }
        die(trial);
        Patience.until("nobody is connected", () -> trial.stayersAt(1).stream().noneMatch(Editor::inSync));
        node.door().mend();
        revive(trial);
    }

    private static long head(Connection connection, UUID document) {
        try (PreparedStatement select =
                connection.prepareStatement("select head_seq from collab.documents where id = ?")) {
            select.setObject(1, document);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void inCompaction(Trial trial) throws Exception {
        boolean late = trial.dice().nextBoolean();
        try (LogLock first = LogLock.open(trial.services()).takeAttribution();
                LogLock second = LogLock.open(trial.services())) {
            first.awaitQueue(ATTRIBUTE);
            if (late) {
                second.takeDocument(trial.stayers().id())
                        .takeDocument(trial.goers().id());
                first.release();
                second.awaitQueue(STORE);
            }
            die(trial);
        }
        revive(trial);
    }

    private static void die(Trial trial) throws InterruptedException {
        trial.node(1).kill();
        trial.goersGo();
    }

    private static void revive(Trial trial) throws Exception {
        trial.node(1).start();
        trial.over();
    }
}
