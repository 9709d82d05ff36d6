package ai.materi.collab.frame;

import io.vertx.core.buffer.Buffer;

/**
 * One message for everybody in a room, encoded once for each wire. Written by many sockets on many loops at a time, so
 * nobody may change it.
 *
 * @param message as y-websocket carries it
 * @param named the same behind the document's name, as Hocuspocus carries it; empty when nobody there speaks it
 */
public record SharedFrame(Buffer message, Buffer named) {
    private static final Buffer NONE = Buffer.buffer();

    public static SharedFrame of(Buffer message, String name, boolean anyNamed) {
        return new SharedFrame(message, anyNamed ? Messages.named(name, message) : NONE);
    }
}
