package ai.materi.auth.tokens;

import java.time.Instant;
import java.util.UUID;

/** What a verified access token says that matters; the rest is read from the database. */
public record Claims(UUID userId, UUID sessionId, Instant expiresAt) {}
