package ai.materi.collab.history;

import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What somebody did in a document without a long pause.
 *
 * @param via who brought it, or on whose behalf an agent wrote; null when that was nobody else
 * @param updates of the log that hold something of theirs
 * @param inserted units (UTF-16 code units, elements, formatting)
 * @param deleted units
 */
public record Session(
        UUID id,
        UUID author,
        @Nullable UUID via,
        OffsetDateTime beganAt,
        OffsetDateTime endedAt,
        long updates,
        long inserted,
        long deleted) {}
