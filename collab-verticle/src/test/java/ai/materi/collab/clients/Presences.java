package ai.materi.collab.clients;

import ai.materi.collab.frame.FrameReader;
import ai.materi.platform.node.Await;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What a client was last told of each client's presence: its state, or "null" once it has left. */
final class Presences {
    private final Map<Long, String> states = new ConcurrentHashMap<>();

    /** @param reader behind the type of an awareness message */
    void received(FrameReader reader) {
        FrameReader update = new FrameReader(reader.slice());
        long count = update.varUint();
        for (long i = 0; i < count; i++) {
            long clientId = update.varUint();
            update.varUint();
            states.put(clientId, new String(update.bytes(), StandardCharsets.UTF_8));
        }
    }

    void forget() {
        states.clear();
    }

    void await(long clientId, String part) {
        Await.until(
                "the presence of " + clientId + " has " + part,
                () -> states.getOrDefault(clientId, "").contains(part));
    }
}
