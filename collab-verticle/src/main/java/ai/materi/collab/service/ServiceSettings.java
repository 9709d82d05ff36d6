package ai.materi.collab.service;

import ai.materi.platform.config.Settings;
import java.time.Duration;

/**
 * Section {@code collab.service}.
 *
 * @param renderingsKept how long a rendering that was served can be the base of a merge
 * @param renderingsBytes of all of them
 * @param writingLease after which an agent that writes nothing is gone
 * @param writings that may be open on this node
 * @param subscriptionBytes that may wait for a slow subscriber
 */
public record ServiceSettings(
        Duration renderingsKept, int renderingsBytes, Duration writingLease, int writings, int subscriptionBytes) {

    public static ServiceSettings of(Settings service) {
        return new ServiceSettings(
                service.duration("renderings_kept"),
                service.bytes("renderings_bytes"),
                service.duration("writing_lease"),
                service.integer("writings", 1, 100_000),
                service.bytes("subscription_bytes"));
    }
}
