package ai.materi.collab.log;

import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One committed update, in Yjs update format v1. */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record LogRow(
        long seq, byte[] update, UUID author, @Nullable UUID via, OffsetDateTime committedAt) {}
