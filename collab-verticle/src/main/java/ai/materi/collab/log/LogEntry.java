package ai.materi.collab.log;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One update on its way into the log.
 *
 * @param update Yjs update format v1
 * @param author whose edit it is
 * @param via on whose behalf an agent wrote; null for people
 * @param appender who is told of the commit
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record LogEntry(
        UUID documentId,
        byte[] update,
        UUID author,
        @Nullable UUID via,
        Appender appender) {}
