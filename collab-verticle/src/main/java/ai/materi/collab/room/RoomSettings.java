package ai.materi.collab.room;

import ai.materi.platform.config.Settings;
import java.time.Duration;

/**
 * Section {@code collab.room}.
 *
 * @param max live documents on this node
 * @param peers sockets in one document
 * @param subDocuments that are stored of one document; twice as many may be live on this node
 * @param documentBytes size of one document, roughly: what was loaded and what was added since
 * @param updatesPerSecond edits that one client may send to one document, on average; over it, its socket is read more slowly
 * @param updatesBurst edits that it may send at once after a pause
 * @param updateStructs structs and deleted ranges in one edit of a client
 * @param pendingBytes that may wait in one document for what they build on
 * @param parallelLoads documents that are loaded at one time; as many again may wait a hundred times over
 * @param idle after which a document that nobody has open leaves memory
 * @param presenceTick changes of presence are gathered for this long, at least
 * @param presenceMessages of presence that one room sends a second, to all its receivers together
 * @param presenceRate bytes of presence a second to one receiver
 * @param presenceBytes of one client's presence
 * @param presenceBytesElsewhere of what other nodes tell of presence in one document
 * @param presenceExpiry after which a presence that was not renewed is removed
 * @param stateless whether what an application says in a document goes to everybody there
 * @param statelessBytes of one such message
 * @param statelessPerSecond such messages of one client in one document, on average
 * @param statelessBurst such messages that it may send at once after a pause
 * @param headsInterval how often the log's heads are compared with what the rooms have
 */
public record RoomSettings(
        int max,
        int peers,
        int subDocuments,
        int documentBytes,
        int updatesPerSecond,
        int updatesBurst,
        int updateStructs,
        int pendingBytes,
        int parallelLoads,
        Duration idle,
        Duration presenceTick,
        int presenceMessages,
        int presenceRate,
        int presenceBytes,
        int presenceBytesElsewhere,
        Duration presenceExpiry,
        boolean stateless,
        int statelessBytes,
        int statelessPerSecond,
        int statelessBurst,
        Duration headsInterval) {

    public static RoomSettings of(Settings room) {
        return new RoomSettings(
                room.integer("max", 1, 1_000_000),
                room.integer("peers", 1, 100_000),
                room.integer("sub_documents", 1, 1_000_000),
                room.bytes("document_bytes"),
                room.integer("updates_per_second", 1, 1_000_000),
                room.integer("updates_burst", 1, 1_000_000),
                room.integer("update_structs", 1, 1_000_000_000),
                room.bytes("pending_bytes"),
                room.integer("parallel_loads", 1, 256),
                room.duration("idle"),
                room.duration("presence_tick"),
                room.integer("presence_messages", 1, 1_000_000),
                room.bytes("presence_rate"),
                room.bytes("presence_bytes"),
                room.bytes("presence_bytes_elsewhere"),
                room.duration("presence_expiry"),
                room.choice("stateless", "broadcast", "off").equals("broadcast"),
                room.bytes("stateless_bytes"),
                room.integer("stateless_per_second", 1, 1_000_000),
                room.integer("stateless_burst", 1, 1_000_000),
                room.duration("heads_interval"));
    }
}
