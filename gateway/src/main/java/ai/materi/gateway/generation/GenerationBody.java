package ai.materi.gateway.generation;

import ai.materi.gateway.http.Fields;
import ai.materi.proto.ai.v1.StartGenerationRequest;
import ai.materi.proto.ai.v1.WriteTarget;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What is to be generated, and how the caller wants to hear of it.
 *
 * @param stream whether the events are sent as they come, instead of the whole at the end
 */
record GenerationBody(StartGenerationRequest request, boolean stream) {
    private static final int MAX_PROMPT = 100_000;
    private static final int MAX_NAME = 200;
    private static final int MAX_QUOTE = 10_000;
    private static final int MAX_BLOCK = 40;

    static GenerationBody read(Fields fields) {
        Optional<String> prompt = fields.optionalText("prompt", 1, MAX_PROMPT);
        Optional<String> action = fields.optionalText("action", 1, MAX_NAME);
        Optional<UUID> document = fields.optionalUuid("document_id");
        Optional<WriteTarget> target = fields.optionalObject("target").map(GenerationBody::target);
        String model = fields.optionalText("model", 0, MAX_NAME).orElse("");
        boolean stream = fields.flag("stream", false);
        fields.end();
        if (prompt.isPresent() == action.isPresent()) {
            throw fields.invalidObject("Give exactly one of 'prompt' and 'action'.");
        }
        if (document.isEmpty() && (target.isPresent() || action.isPresent())) {
            throw fields.invalidMember("document_id", "An action or a target needs the document that it is about.");
        }
        StartGenerationRequest.Builder request = StartGenerationRequest.newBuilder()
                .setPrompt(prompt.orElse(""))
                .setAction(action.orElse(""))
                .setDocumentId(document.map(UUID::toString).orElse(""))
                .setModel(model)
                .setCancelOnDisconnect(stream);
        target.ifPresent(request::setTarget);
        return new GenerationBody(request.build(), stream);
    }

    private static WriteTarget target(Fields fields) {
        boolean end = fields.flag("end", false);
        Optional<String> block = fields.optionalText("after_block", 1, MAX_BLOCK);
        Optional<String> quote = fields.optionalText("replace_quote", 1, MAX_QUOTE);
        fields.end();
        if (Stream.of(end, block.isPresent(), quote.isPresent())
                        .filter(given -> given)
                        .count()
                != 1) {
            throw fields.invalidObject("A target is exactly one of end (true), after_block, replace_quote.");
        }
        WriteTarget.Builder target = WriteTarget.newBuilder();
        block.ifPresent(target::setAfterBlock);
        quote.ifPresent(target::setReplaceQuote);
        return end ? target.setEnd(true).build() : target.build();
    }
}
