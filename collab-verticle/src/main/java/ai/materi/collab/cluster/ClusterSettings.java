package ai.materi.collab.cluster;

import ai.materi.platform.config.Settings;
import java.time.Duration;

/**
 * Section {@code collab.cluster}.
 *
 * @param unacknowledgedBytes what one other node may leave unacknowledged; over it nothing is sent to it
 * @param heartbeat how often a node acknowledges, and says that it is there
 * @param silence after which a node that says nothing counts as away, and its clients' presence goes
 */
public record ClusterSettings(int unacknowledgedBytes, Duration heartbeat, Duration silence) {

    public static ClusterSettings of(Settings cluster) {
        return new ClusterSettings(
                cluster.bytes("unacknowledged_bytes"), cluster.duration("heartbeat"), cluster.duration("silence"));
    }
}
