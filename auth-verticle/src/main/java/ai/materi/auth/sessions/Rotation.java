package ai.materi.auth.sessions;

import java.util.UUID;

/** What came of presenting a refresh token; each is committed before it is answered. */
sealed interface Rotation {
    /** The token to go on with. */
    record Renewed(UUID sessionId, UUID userId, RefreshToken token) implements Rotation {}

    /** It was used before, by somebody: the session is over for both. */
    record Reused(UUID sessionId) implements Rotation {}

    /** Unknown, expired, or of a session that has ended. */
    record Refused() implements Rotation {}
}
