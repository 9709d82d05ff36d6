package ai.materi.gateway.generation;

import ai.materi.gateway.sse.SseEvent;
import ai.materi.proto.ai.v1.GenerationEvent;
import io.vertx.core.json.JsonObject;

/** How a generation's events are told to clients. */
final class GenerationEvents {
    private GenerationEvents() {}

    static SseEvent of(GenerationEvent event) {
        return unnumbered(event).numbered(event.getSequence());
    }

    private static SseEvent unnumbered(GenerationEvent event) {
        return switch (event.getEventCase()) {
            case META -> new SseEvent("meta", GenerationJson.of(event.getMeta()), false);
            case DELTA -> new SseEvent("delta", new JsonObject().put("text", event.getDelta()), false);
            case CITATION -> new SseEvent("citation", GenerationJson.of(event.getCitation()), false);
            case RESET -> new SseEvent("reset", new JsonObject().put("reason", event.getReset()), false);
            case USAGE -> new SseEvent("usage", GenerationJson.of(event.getUsage()), false);
            case DONE -> new SseEvent("done", GenerationJson.of(event.getDone()), true);
            case ERROR -> new SseEvent("error", GenerationJson.of(event.getError()), true);
            case CANCELLED -> new SseEvent("cancelled", GenerationJson.of(event.getCancelled()), true);
            case EVENT_NOT_SET -> SseEvent.error("internal", "An event of an unknown kind came.");
        };
    }
}
