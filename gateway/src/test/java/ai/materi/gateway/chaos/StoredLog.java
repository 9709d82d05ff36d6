package ai.materi.gateway.chaos;

import ai.materi.crdt.Doc;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A document as PostgreSQL has it.
 *
 * @param snapshotSeq up to which the snapshot holds everything
 * @param headSeq the last number that was given out
 * @param seqs of the rows, ascending
 * @param view snapshot and rows applied
 */
record StoredLog(long snapshotSeq, long headSeq, List<Long> seqs, View view) {
    private static final String DOCUMENT = "select snapshot, snapshot_seq, head_seq from collab.documents where id = ?";
    private static final String UPDATES = "select seq, bytes from collab.updates where document_id = ? order by seq";

    /** In one transaction, so that a compaction in between does no harm. */
    static StoredLog read(Connection connection, UUID document) throws SQLException {
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        try (PreparedStatement head = connection.prepareStatement(DOCUMENT);
                PreparedStatement rows = connection.prepareStatement(UPDATES)) {
            head.setObject(1, document);
            rows.setObject(1, document);
            try (ResultSet found = head.executeQuery();
                    ResultSet updates = rows.executeQuery()) {
                return of(found, updates);
            }
        } finally {
            connection.rollback();
        }
    }

    private static StoredLog of(ResultSet document, ResultSet updates) throws SQLException {
        if (!document.next()) {
            return new StoredLog(0, 0, List.of(), View.of("the log", new Doc()));
        }
        byte[] snapshot = document.getBytes(1);
        Doc doc = snapshot == null ? new Doc() : Doc.of(snapshot);
        List<Long> seqs = new ArrayList<>();
        while (updates.next()) {
            seqs.add(updates.getLong(1));
            doc.applyUpdate(updates.getBytes(2), null);
        }
        return new StoredLog(document.getLong(2), document.getLong(3), seqs, View.of("the log", doc));
    }

    /** What is not as it has to be about its numbers; empty when nothing. */
    List<String> gaps() {
        List<String> gaps = new ArrayList<>();
        long expected = snapshotSeq + 1;
        for (long seq : seqs) {
            if (seq != expected) {
                gaps.add("the log has " + seq + " where " + expected + " belongs");
            }
            expected = seq + 1;
        }
        if (expected != headSeq + 1) {
            gaps.add("the log ends at " + (expected - 1) + ", its head is " + headSeq);
        }
        return gaps;
    }
}
