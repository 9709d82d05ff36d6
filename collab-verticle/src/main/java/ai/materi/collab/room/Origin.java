package ai.materi.collab.room;

import ai.materi.platform.telemetry.TraceSpan;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where an edit comes from.
 *
 * @param via on whose behalf an agent wrote; null for people
 * @param peer that has it already; null when the server is its author
 * @param arrivedAt of {@link System#nanoTime()}
 */
record Origin(UUID author, @Nullable UUID via, @Nullable Peer peer, long arrivedAt, TraceSpan trace) {}
