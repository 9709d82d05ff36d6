package ai.materi.collab.room;

import java.util.Locale;

/** What a node has no more of than its settings say. Meeting one is counted by its name: {@code docs/metrics.md}. */
public enum Limit {
    /** {@code collab.room.document_bytes}. */
    DOCUMENT_BYTES,
    /** {@code collab.room.peers}. */
    PEERS,
    /** {@code collab.room.max}. */
    ROOMS,
    /** {@code collab.room.sub_documents}. */
    SUB_DOCUMENTS,
    /** {@code collab.room.updates_per_second} and {@code updates_burst}. */
    UPDATES,
    /** {@code collab.room.update_structs}. */
    STRUCTS,
    /** {@code collab.room.pending_bytes}. */
    PENDING,
    /** {@code collab.room.presence_bytes} and {@code presence_bytes_elsewhere}. */
    PRESENCE,
    /** {@code collab.room.stateless_bytes}, {@code stateless_per_second} and {@code stateless_burst}. */
    STATELESS,
    /** {@code collab.log.queue_entries} and {@code queue_bytes}. */
    QUEUE,
    /** {@code collab.wire.frame_bytes}. */
    FRAME,
    /** {@code collab.wire.sockets}. */
    SOCKETS;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
