package ai.materi.gateway.sse;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * One event as it stands in a stream (HTML standard, 9.2).
 *
 * @param terminal whether it is the one that ends the stream
 * @param id what a client comes back with; null leaves it as it was
 */
public record SseEvent(
        String name,
        JsonObject data,
        boolean terminal,
        @Nullable Long id) {
    public SseEvent(String name, JsonObject data, boolean terminal) {
        this(name, data, terminal, null);
    }

    /** The end that a stream gets when its source ends without one. */
    public static SseEvent error(String code, String detail) {
        return new SseEvent("error", new JsonObject().put("code", code).put("detail", detail), true);
    }

    public SseEvent numbered(long number) {
        return new SseEvent(name, data, terminal, number);
    }

    public Buffer bytes() {
        String number = id == null ? "" : "id: " + id + "\n";
        return Buffer.buffer(number + "event: " + name + "\ndata: " + data.encode() + "\n\n");
    }
}
