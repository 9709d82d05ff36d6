package ai.materi.collab.room;

import ai.materi.collab.document.DocumentName;
import ai.materi.collab.frame.SharedState;
import ai.materi.collab.log.LogTails;
import ai.materi.crdt.Doc;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A document as it came out of the log.
 *
 * @param stored whether the log has it; a sub-document in which nobody has written is in no log
 * @param state of a large document, which is encoded where it is loaded
 * @param reached the sequence number up to which it is complete
 * @param bytes that it was loaded from
 * @param tail what of it came from behind the snapshot
 * @param claims users by the Yjs client id that is theirs
 */
record LoadedDocument(
        DocumentName name,
        UUID workspaceId,
        int generation,
        boolean stored,
        Doc doc,
        @Nullable SharedState state,
        long reached,
        long bytes,
        LogTails.Tail tail,
        Map<Long, UUID> claims) {}
