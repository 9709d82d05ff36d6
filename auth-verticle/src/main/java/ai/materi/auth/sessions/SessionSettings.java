package ai.materi.auth.sessions;

import ai.materi.platform.config.Settings;
import java.time.Duration;

/**
 * How long people stay signed in.
 *
 * @param refreshTtl a session ends when it has not been refreshed for this long
 * @param refreshGrace for how long a used refresh token answers its successor again
 * @param perUser sessions of one user alive at once
 */
public record SessionSettings(Duration refreshTtl, Duration refreshGrace, int perUser) {
    /** Reads the section {@code auth}. */
    public static SessionSettings from(Settings auth) {
        return new SessionSettings(
                auth.duration("refresh_token_ttl", Duration.ofMinutes(1), Duration.ofDays(400)),
                auth.duration("refresh_grace", Duration.ZERO, Duration.ofMinutes(1)),
                auth.integer("sessions_per_user", 1, 10_000));
    }
}
