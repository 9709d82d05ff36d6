package ai.materi.collab.room;

import java.util.List;
import java.util.UUID;

/** The fast path to the rooms of other nodes. What it loses is repaired from the log. */
public interface RoomBus {
    /** Committed updates of one document, numbered from {@code firstSeq} on. On any thread. */
    void publish(UUID documentId, int generation, long firstSeq, List<CommittedUpdate> updates);

    /** What changed in the presence of this node's clients, itself included. On any thread. */
    void presence(UUID documentId, List<PresenceState> changes);

    /** What an application said in a document. On any thread. */
    void said(UUID documentId, byte[] words);

    /** A document was opened here: other nodes are asked who is there. On any thread. */
    void opened(UUID documentId);
}
