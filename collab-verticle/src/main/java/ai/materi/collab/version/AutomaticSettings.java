package ai.materi.collab.version;

import ai.materi.platform.config.Settings;
import java.time.Duration;

/**
 * Section {@code collab.versions.automatic}.
 *
 * @param pause after the last edit, after which a version is kept
 * @param every how often one is kept while somebody writes on
 * @param checkInterval how often it is looked for documents that are due
 * @param thinInterval how often old versions are thinned
 * @param keepAll of versions younger than this all stay
 * @param keepHourly up to this age the last one of each hour stays
 * @param keepDaily up to this age the last one of each day stays, beyond it of each week
 */
public record AutomaticSettings(
        Duration pause,
        Duration every,
        Duration checkInterval,
        Duration thinInterval,
        Duration keepAll,
        Duration keepHourly,
        Duration keepDaily) {
    private static final Duration SHORTEST = Duration.ofMillis(50);
    private static final Duration LONGEST = Duration.ofDays(365);

    public static AutomaticSettings of(Settings automatic) {
        AutomaticSettings settings = new AutomaticSettings(
                automatic.duration("pause", SHORTEST, LONGEST),
                automatic.duration("every", SHORTEST, LONGEST),
                automatic.duration("check_interval", SHORTEST, LONGEST),
                automatic.duration("thin_interval", SHORTEST, LONGEST),
                automatic.duration("keep_all"),
                automatic.duration("keep_hourly"),
                automatic.duration("keep_daily"));
        if (settings.keepHourly.compareTo(settings.keepAll) < 0) {
            throw automatic.refused("keep_hourly", "must not be shorter than keep_all");
        }
        if (settings.keepDaily.compareTo(settings.keepHourly) < 0) {
            throw automatic.refused("keep_daily", "must not be shorter than keep_hourly");
        }
        return settings;
    }

    /** For how long a document that was claimed is nobody else's. */
    Duration lease() {
        return pause.compareTo(every) < 0 ? pause : every;
    }
}
