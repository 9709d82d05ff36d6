package ai.materi.ai.provider;

import ai.materi.ai.extract.Extract;
import ai.materi.ai.extract.Extract.Piece;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.WorkerExecutor;
import java.util.List;
import java.util.Set;

/** {@code local/extractive}: no model and no network; every sentence that it gives stands in the document. */
public final class ExtractiveProvider implements Provider {
    private final WorkerExecutor workers;

    public ExtractiveProvider(WorkerExecutor workers) {
        this.workers = workers;
    }

    @Override
    public String name() {
        return "local";
    }

    @Override
    public List<String> models() {
        return List.of("extractive");
    }

    @Override
    public Set<String> actions() {
        return Set.of("summary", "keywords", "outline");
    }

    @Override
    public boolean takesPrompts() {
        return false;
    }

    @Override
    public boolean available() {
        return true;
    }

    @Override
    public Running generate(Prompt prompt, Listener listener) {
        Once once = new Once(listener);
        workers.executeBlocking(() -> extract(prompt), false)
                .onSuccess(extract -> tell(extract, once))
                .onFailure(once::failed);
        return once::cancel;
    }

    private static Extract extract(Prompt prompt) {
        Extract extract = switch (prompt.action()) {
            case "summary" -> Extract.summary(prompt.blocks());
            case "keywords" -> Extract.keywords(prompt.blocks());
            case "outline" -> Extract.outline(prompt.blocks());
            default ->
                throw Problem.of(
                        ProblemCode.UNSUPPORTED_ACTION, "Without a model, only extractive actions are possible.");
        };
        if (extract.pieces().isEmpty()) {
            throw Problem.of(ProblemCode.INVALID_FIELD, "The document has no sentences to work with.");
        }
        return extract;
    }

    private static void tell(Extract extract, Once listener) {
        int at = 0;
        for (Piece piece : extract.pieces()) {
            listener.delta(piece.text());
            listener.citation(piece.block(), piece.quote(), at + piece.offset());
            at += piece.text().length();
        }
        listener.done(0, 0);
    }
}
