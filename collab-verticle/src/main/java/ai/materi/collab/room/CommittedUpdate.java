package ai.materi.collab.room;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the log, or a snapshot of everything up to one, as those who follow a document see it.
 *
 * @param update Yjs update format v1
 * @param author null for a snapshot
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record CommittedUpdate(
        long seq, byte[] update, @Nullable UUID author) {}
