package ai.materi.gateway;

import ai.materi.platform.node.Await;
import ai.materi.proto.event.v1.Event;
import com.google.protobuf.InvalidProtocolBufferException;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;

/** The events about one document that have arrived on the stream. */
final class Events {
    private Events() {}

    /** Waits for the first, then answers all that are there. */
    static List<String> of(Stand stand, String document) {
        List<String> found = new ArrayList<>();
        Await.until("an event about " + document, () -> {
            found.clear();
            found.addAll(types(stand, document));
            return !found.isEmpty();
        });
        return found;
    }

    static List<String> types(Stand stand, String document) {
        Response entries = Await.result(stand.test()
                .node()
                .redis()
                .send(Request.cmd(Command.XRANGE)
                        .arg("materi:events:documents")
                        .arg("-")
                        .arg("+")));
        List<String> types = new ArrayList<>();
        for (Response entry : entries) {
            Event event = event(entry.get(1).get("payload").toBytes());
            if (event.getSubject().equals(document)) {
                types.add(event.getType());
            }
        }
        return types;
    }

    private static Event event(byte[] payload) {
        try {
            return Event.parseFrom(payload);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
