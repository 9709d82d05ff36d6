package ai.materi.gateway.generation;

import ai.materi.proto.ai.v1.GenerationEvent;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/**
 * One event as it stands in a stream (HTML standard, 9.2).
 *
 * @param terminal whether it is the one that ends the stream
 */
record SseEvent(String name, JsonObject data, boolean terminal) {
    static SseEvent of(GenerationEvent event) {
        return switch (event.getEventCase()) {
            case META -> new SseEvent("meta", GenerationJson.of(event.getMeta()), false);
            case DELTA -> new SseEvent("delta", new JsonObject().put("text", event.getDelta()), false);
            case CITATION -> new SseEvent("citation", GenerationJson.of(event.getCitation()), false);
            case RESET -> new SseEvent("reset", new JsonObject().put("reason", event.getReset()), false);
            case USAGE -> new SseEvent("usage", GenerationJson.of(event.getUsage()), false);
            case DONE -> new SseEvent("done", GenerationJson.of(event.getDone()), true);
            case ERROR -> new SseEvent("error", GenerationJson.of(event.getError()), true);
            case CANCELLED -> new SseEvent("cancelled", GenerationJson.of(event.getCancelled()), true);
            case EVENT_NOT_SET -> error("internal", "An event of an unknown kind came.");
        };
    }

    /** The end that a stream gets when its source ends without one. */
    static SseEvent error(String code, String detail) {
        return new SseEvent("error", new JsonObject().put("code", code).put("detail", detail), true);
    }

    Buffer numbered(long sequence) {
        return Buffer.buffer("id: " + sequence + "\n").appendBuffer(unnumbered());
    }

    Buffer unnumbered() {
        return Buffer.buffer("event: " + name + "\ndata: " + data.encode() + "\n\n");
    }
}
