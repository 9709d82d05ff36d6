package ai.materi.collab.stream;

import ai.materi.platform.config.Settings;
import java.time.Duration;

/**
 * Section {@code collab.stream}.
 *
 * @param streams open on this node
 * @param updateBytes of one edit
 * @param sendBytes that may wait for a slow reader before it is cut off
 * @param openWithin a caller has to say which document it wants
 * @param asideWithin another node has to answer what is said beside a stream that it holds
 */
public record StreamSettings(int streams, int updateBytes, int sendBytes, Duration openWithin, Duration asideWithin) {

    public static StreamSettings of(Settings stream) {
        return new StreamSettings(
                stream.integer("streams", 1, 10_000_000),
                stream.bytes("update_bytes"),
                stream.bytes("send_bytes"),
                stream.duration("open_within"),
                stream.duration("aside_within"));
    }
}
