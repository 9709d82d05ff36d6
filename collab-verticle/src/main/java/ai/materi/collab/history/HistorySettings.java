package ai.materi.collab.history;

import ai.materi.platform.config.Settings;
import java.time.Duration;

/**
 * Section {@code collab.history}.
 *
 * @param records of who wrote a document that one answer is made from
 * @param ranges of text in one answer, or blocks and runs of a comparison
 * @param atOnce answers that this node works on at one time
 * @param sessionPause after which somebody who writes on begins another session
 * @param sessionsKept how long a session is remembered after it ended
 */
public record HistorySettings(int records, int ranges, int atOnce, Duration sessionPause, Duration sessionsKept) {
    private static final Duration LONGEST = Duration.ofDays(36_500);

    public static HistorySettings of(Settings history) {
        return new HistorySettings(
                history.integer("records", 1_000, 10_000_000),
                history.integer("ranges", 10, 1_000_000),
                history.integer("at_once", 1, 10_000),
                history.duration("session_pause", Duration.ofSeconds(1), Duration.ofDays(1)),
                history.duration("sessions_kept", Duration.ofDays(1), LONGEST));
    }
}
