package ai.materi.platform.call;

import java.time.Instant;
import java.util.UUID;

/**
 * Somebody whose token was verified.
 *
 * @param color {@code #rrggbb}, of the cursor
 * @param agent whether it acts through a program, with an identity of its own
 */
public record Principal(
        UUID userId, UUID sessionId, String name, String email, String color, Instant expiresAt, boolean agent) {}
