package ai.materi.gateway.chaos;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/** Holds back what the server does with its tables, from a session of its own. */
final class LogLock implements AutoCloseable {
    private static final String WAITING = "select pid from pg_locks l join pg_stat_activity a using (pid) "
            + "where not l.granted and a.datname = current_database() and a.query like ?";

    private final Connection holder;
    private final Connection observer;

    private LogLock(Connection holder, Connection observer) {
        this.holder = holder;
        this.observer = observer;
    }

    static LogLock open(StoredServices services) throws SQLException {
        Connection holder = services.connect();
        holder.setAutoCommit(false);
        return new LogLock(holder, services.connect());
    }

    /** Nothing is added to the log. */
    LogLock takeUpdates() throws SQLException {
        return execute("lock table collab.updates in exclusive mode");
    }

    /** No compaction begins to write. */
    LogLock takeAttribution() throws SQLException {
        return execute("lock table collab.attribution in exclusive mode");
    }

    /** Neither is anything added to a document, nor its snapshot stored. */
    LogLock takeDocument(UUID document) throws SQLException {
        try (PreparedStatement select =
                holder.prepareStatement("select 1 from collab.documents where id = ? for no key update")) {
            select.setObject(1, document);
            select.execute();
        }
        return this;
    }

    private LogLock execute(String sql) throws SQLException {
        try (Statement statement = holder.createStatement()) {
            statement.execute(sql);
        }
        return this;
    }

    /** Waits until a statement that is like this stands before a lock. */
    void awaitQueue(String like) {
        Patience.until("a statement waits: " + like, () -> queue(like, false) > 0);
    }

    /** Ends the sessions whose statement, which is like this, stands before a lock: it is never carried out. */
    void endQueue(String like) {
        queue(like, true);
    }

    private int queue(String like, boolean end) {
        try (PreparedStatement select = observer.prepareStatement(
                end ? "select pg_terminate_backend(pid) from (" + WAITING + ") w" : WAITING)) {
            select.setString(1, like);
            try (ResultSet waiting = select.executeQuery()) {
                int count = 0;
                while (waiting.next()) {
                    count++;
                }
                return count;
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Lets everything go on. */
    void release() throws SQLException {
        holder.rollback();
    }

    @Override
    public void close() throws SQLException {
        try (holder;
                observer) {
            release();
        }
    }
}
