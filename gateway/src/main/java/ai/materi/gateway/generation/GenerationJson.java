package ai.materi.gateway.generation;

import ai.materi.proto.ai.v1.Capabilities;
import ai.materi.proto.ai.v1.Citation;
import ai.materi.proto.ai.v1.Failure;
import ai.materi.proto.ai.v1.Generation;
import ai.materi.proto.ai.v1.GenerationStatus;
import ai.materi.proto.ai.v1.Model;
import ai.materi.proto.ai.v1.Usage;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Generations as JSON. */
final class GenerationJson {
    private static final String PREFIX = "GENERATION_STATUS_";

    private GenerationJson() {}

    static JsonObject of(Generation generation) {
        JsonArray citations = new JsonArray();
        generation.getCitationsList().forEach(citation -> citations.add(of(citation)));
        return new JsonObject()
                .put("id", generation.getId())
                .put("status", word(generation.getStatus()))
                .put("model", generation.getModel())
                .put("provider", generation.getProvider())
                .put("document_id", orNull(generation.getDocumentId()))
                .put("text", generation.getText())
                .put("citations", citations)
                .put("usage", of(generation.getUsage()))
                .put("error", generation.hasError() ? of(generation.getError()) : null)
                .put("created_at", generation.getCreatedAt())
                .put("ended_at", orNull(generation.getEndedAt()));
    }

    private static String word(GenerationStatus status) {
        return status.name().substring(PREFIX.length()).toLowerCase(Locale.ROOT);
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    static JsonObject of(Citation citation) {
        return new JsonObject()
                .put("block", citation.getBlock())
                .put("quote", citation.getQuote())
                .put("at", citation.getAt());
    }

    static JsonObject of(Usage usage) {
        return new JsonObject()
                .put("input_tokens", usage.getInputTokens())
                .put("output_tokens", usage.getOutputTokens());
    }

    static JsonObject of(Failure failure) {
        return new JsonObject().put("code", failure.getCode()).put("detail", failure.getDetail());
    }

    static JsonObject of(Capabilities capabilities) {
        JsonArray models = new JsonArray();
        capabilities.getModelsList().forEach(model -> models.add(of(model)));
        return new JsonObject().put("models", models);
    }

    private static JsonObject of(Model model) {
        return new JsonObject()
                .put("id", model.getId())
                .put("provider", model.getProvider())
                .put("actions", new JsonArray(model.getActionsList()))
                .put("prompt", model.getPrompt())
                .put("available", model.getAvailable());
    }
}
