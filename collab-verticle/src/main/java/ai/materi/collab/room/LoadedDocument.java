package ai.materi.collab.room;

import ai.materi.collab.frame.SharedState;
import ai.materi.collab.log.LogTails;
import ai.materi.crdt.Doc;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A document as it came out of the log.
 *
 * @param state of a large document, which is encoded where it is loaded
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
        @Nullable SharedState state,
        long reached,
        long bytes,
        LogTails.Tail tail,
        Map<Long, UUID> claims) {}
