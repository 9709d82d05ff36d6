package ai.materi.platform.embedded;

import java.time.Duration;

/**
 * How often a server that dies is started again.
 *
 * @param restarts in a row, before it is given up
 * @param first pause before a restart; each further one in a row is twice as long
 * @param longest pause
 * @param well how long it has to live for its next death not to be one in a row
 */
record Patience(int restarts, Duration first, Duration longest, Duration well) {
    /** 16 s of pauses: PostgreSQL cannot start before the last backend of the one that was killed has noticed. */
    static final Patience USUAL = new Patience(8, Duration.ofMillis(100), Duration.ofSeconds(5), Duration.ofMinutes(1));

    /** @param death the number of deaths in a row, from 1 */
    Duration pause(int death) {
        Duration doubled = first.multipliedBy(1L << Math.min(death - 1, 30));
        return doubled.compareTo(longest) < 0 ? doubled : longest;
    }
}
