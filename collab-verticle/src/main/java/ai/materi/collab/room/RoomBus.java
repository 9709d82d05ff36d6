package ai.materi.collab.room;

import java.util.List;
import java.util.UUID;

/** The fast path to the rooms of other nodes. What it loses is repaired from the log. */
public interface RoomBus {
    /** Committed updates of one document, numbered from {@code firstSeq} on. On any thread. */
    void publish(UUID documentId, int generation, long firstSeq, List<CommittedUpdate> updates);
}
