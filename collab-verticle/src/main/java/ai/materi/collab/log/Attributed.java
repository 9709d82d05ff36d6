package ai.materi.collab.log;

import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Clocks of one Yjs client that one author wrote, or deleted.
 *
 * @param toClock exclusive
 * @param via who brought it when that was not the author; null otherwise
 */
public record Attributed(
        long clientId,
        long fromClock,
        long toClock,
        boolean deleted,
        UUID author,
        @Nullable UUID via,
        OffsetDateTime committedAt) {}
