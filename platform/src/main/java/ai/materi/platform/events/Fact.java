package ai.materi.platform.events;

import ai.materi.proto.event.v1.Event;
import com.google.protobuf.InvalidProtocolBufferException;
import io.vertx.core.buffer.Buffer;
import java.util.UUID;

/**
 * An event as a consumer gets it.
 *
 * @param id of the event; whoever has handled it does nothing again
 * @param payload the bytes of {@code event}
 */
public record Fact(Outbox.Topic topic, UUID id, Event event, Buffer payload) {

    /** Throws {@link IllegalArgumentException} when the bytes are not an event with an id. */
    static Fact parse(Outbox.Topic topic, Buffer payload) {
        try {
            Event event = Event.parseFrom(payload.getBytes());
            return new Fact(topic, UUID.fromString(event.getId()), event, payload);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("the payload is not an event", e);
        }
    }
}
