package ai.materi.platform.redis;

import ai.materi.platform.config.Settings;
import java.time.Duration;

/**
 * The section {@code redis} of the configuration.
 *
 * @param connections pipelined, shared by everybody
 * @param maxWaiting calls under way on one connection
 * @param timeout of one call
 * @param breakerFailures in a row, after which calls fail at once
 * @param breakerReset how often a trial is made
 */
record RedisSettings(int connections, int maxWaiting, Duration timeout, int breakerFailures, Duration breakerReset) {
    private static final Duration SHORTEST = Duration.ofMillis(10);

    static RedisSettings of(Settings redis) {
        return new RedisSettings(
                redis.integer("connections", 1, 64),
                redis.integer("max_waiting", 1024, 1_000_000),
                redis.duration("timeout", SHORTEST, Duration.ofMinutes(1)),
                redis.integer("breaker_failures", 1, 1000),
                redis.duration("breaker_reset", SHORTEST, Duration.ofMinutes(1)));
    }
}
