package ai.materi.auth.sessions;

import ai.materi.auth.users.User;
import java.util.UUID;

/**
 * A session that was opened or renewed.
 *
 * @param refreshToken in clear, for its owner only
 */
public record OpenSession(UUID id, User user, String refreshToken) {}
