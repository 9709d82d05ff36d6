package ai.materi.collab.wire;

import ai.materi.platform.config.Settings;
import java.time.Duration;

/**
 * Section {@code collab.wire}.
 *
 * @param sockets on this node, of both wires together
 * @param frameBytes of one message from a client
 * @param documentsPerSocket on the Hocuspocus wire
 * @param earlyFrames that may wait on one socket before their document is open
 * @param earlyBytes the same in bytes
 * @param authTimeout within which a socket has to open its first document
 * @param sendBytes that may wait for a slow reader; over it, it is told what it lacks in one piece once it has read that
 * @param stalled after which a reader that reads nothing of what waits for it is cut off
 * @param keepalive after which a socket that was told nothing is told just that
 * @param silence after which a socket that says nothing, not even to a ping, is closed
 * @param dismissWithin sockets are told to go elsewhere spread over this long
 */
record WireSettings(
        int sockets,
        int frameBytes,
        int documentsPerSocket,
        int earlyFrames,
        int earlyBytes,
        Duration authTimeout,
        int sendBytes,
        Duration stalled,
        Duration keepalive,
        Duration silence,
        Duration dismissWithin) {

    static WireSettings of(Settings wire) {
        return new WireSettings(
                wire.integer("sockets", 1, 10_000_000),
                wire.bytes("frame_bytes"),
                wire.integer("documents_per_socket", 1, 10_000),
                wire.integer("early_frames", 1, 100_000),
                wire.bytes("early_bytes"),
                wire.duration("auth_timeout"),
                wire.bytes("send_bytes"),
                wire.duration("stalled"),
                wire.duration("keepalive"),
                wire.duration("silence"),
                wire.duration("dismiss_within"));
    }
}
