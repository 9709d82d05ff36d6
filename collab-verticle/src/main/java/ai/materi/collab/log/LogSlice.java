package ai.materi.collab.log;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the log holds of one document after a sequence number, seen at one moment.
 *
 * @param headSeq the last number given out
 * @param snapshotSeq the last number that the stored snapshot contains
 * @param snapshot null when it holds nothing that was asked for
 * @param rows in order, the first one following on the snapshot or on the number that was asked for
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record LogSlice(
        UUID workspaceId,
        int generation,
        long headSeq,
        long snapshotSeq,
        long canonicalBytes,
        byte @Nullable [] snapshot,
        List<LogRow> rows) {

    /** The last sequence number that this slice reaches, when it was read from {@code afterSeq} on. */
    public long reaches(long afterSeq) {
        return rows.isEmpty()
                ? Math.max(afterSeq, snapshot == null ? 0 : snapshotSeq)
                : rows.get(rows.size() - 1).seq();
    }

    /** Whether no number is missing between {@code afterSeq} (or the snapshot) and the last row. */
    public boolean gapless(long afterSeq) {
        long expected = Math.max(afterSeq, snapshotSeq) + 1;
        for (LogRow row : rows) {
            if (row.seq() != expected++) {
                return false;
            }
        }
        return true;
    }
}
