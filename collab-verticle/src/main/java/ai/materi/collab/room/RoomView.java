package ai.materi.collab.room;

import ai.materi.collab.document.DocumentName;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an operator sees of a live document, at one moment.
 *
 * @param bytes roughly: what was loaded and what was added since
 * @param peers by wire; those that nobody uses are not in it
 * @param writers peers that may write
 * @param sequence the last number of the log up to which the room holds everything
 * @param uncommitted edits that wait for their commit
 * @param lagMs how long the oldest of them has waited; 0 when none does
 * @param presences states of presence, of other nodes' clients too
 * @param pendingBytes that wait for what they build on
 * @param logRows behind the snapshot, as last told
 * @param logBytes of those rows
 * @param idleSince null while somebody has it open
 */
public record RoomView(
        DocumentName name,
        UUID workspaceId,
        int generation,
        long bytes,
        Map<Wire, Integer> peers,
        int writers,
        long sequence,
        long uncommitted,
        long lagMs,
        int presences,
        int pendingBytes,
        long logRows,
        long logBytes,
        @Nullable Instant idleSince) {

    /** Under which the log has it. */
    public UUID documentId() {
        return name.id();
    }

    public int allPeers() {
        return peers.values().stream().mapToInt(Integer::intValue).sum();
    }
}
