package ai.materi.platform.events;

import ai.materi.platform.config.Settings;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The section {@code events} of the configuration.
 *
 * @param retention how long a stream keeps its events
 * @param deadRetention how long a dead letter is kept
 * @param batch rows or entries moved at once
 * @param poll how often an idle relay or consumer looks
 * @param maxAttempts failures after which an event becomes a dead letter
 */
record EventSettings(
        Map<Outbox.Topic, Duration> retention, Duration deadRetention, int batch, Duration poll, int maxAttempts) {

    static EventSettings of(Settings events) {
        Settings retention = events.section("retention");
        Map<Outbox.Topic, Duration> byTopic = Arrays.stream(Outbox.Topic.values())
                .collect(Collectors.toMap(
                        Function.identity(),
                        topic -> retention.duration(topic.word()),
                        (one, other) -> one,
                        () -> new EnumMap<>(Outbox.Topic.class)));
        return new EventSettings(
                Collections.unmodifiableMap(byTopic),
                retention.duration("dead"),
                events.integer("batch", 1, 5000),
                events.duration("poll"),
                events.integer("max_attempts", 1, 100));
    }
}
