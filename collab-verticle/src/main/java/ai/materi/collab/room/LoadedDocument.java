package ai.materi.collab.room;

import ai.materi.collab.log.LogTails;
import ai.materi.crdt.Doc;
import java.util.Map;
import java.util.UUID;

/**
 * A document as it came out of the log.
 *
 * @param reached the sequence number up to which it is complete
 * @param bytes that it was loaded from
 * @param tail what of it came from behind the snapshot
 * @param claims users by the Yjs client id that is theirs
 */
record LoadedDocument(
        UUID documentId,
        UUID workspaceId,
        int generation,
        Doc doc,
        long reached,
        long bytes,
        LogTails.Tail tail,
        Map<Long, UUID> claims) {}
