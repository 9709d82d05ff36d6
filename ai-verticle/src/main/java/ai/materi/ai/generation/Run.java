package ai.materi.ai.generation;

import ai.materi.ai.provider.Provider;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.ai.v1.Citation;
import ai.materi.proto.ai.v1.Failure;
import ai.materi.proto.ai.v1.Generation;
import ai.materi.proto.ai.v1.GenerationEvent;
import ai.materi.proto.ai.v1.GenerationStatus;
import ai.materi.proto.ai.v1.Usage;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running generation: what the provider says becomes events and, with a target, keystrokes; whatever ends it first
 * (the provider, a cancellation, a bound) is its one end. The end is announced after the document and the database have
 * it. Lives on one event loop.
 */
final class Run implements Provider.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Run.class);

    private final UUID user;
    private final Context context;
    private final GenerationStore store;
    private final int longestOutput;
    private final EventLog log = new EventLog();
    private final Promise<Generation> over = Promise.promise();
    private final StringBuilder text = new StringBuilder();
    private volatile Generation generation;
    private Provider.@Nullable Running provider;
    private @Nullable Typing typing;
    private boolean ending;

    Run(UUID user, Context context, GenerationStore store, int longestOutput, Generation begun) {
        this.user = user;
        this.context = context;
        this.store = store;
        this.longestOutput = longestOutput;
        this.generation = begun;
        log.add(GenerationEvent.newBuilder().setMeta(begun));
    }

    UUID user() {
        return user;
    }

    EventLog log() {
        return log;
    }

    /** As it stands now; from any thread. */
    Generation generation() {
        synchronized (text) {
            return generation.toBuilder().setText(text.toString()).build();
        }
    }

    /** Succeeds with the ended generation, whatever its end. */
    Future<Generation> over() {
        return over.future();
    }

    void follow(Provider.Running running) {
        provider = running;
        if (ending) {
            running.cancel();
        }
    }

    void typeWith(Typing typing) {
        this.typing = typing;
    }

    @Override
    public void delta(String piece) {
        if (ending) {
            return;
        }
        if (text.length() + piece.length() > longestOutput) {
            failed(Problem.of(ProblemCode.TOO_LARGE, "The generation was ended at " + longestOutput + " characters."));
            return;
        }
        synchronized (text) {
            text.append(piece);
        }
        log.add(GenerationEvent.newBuilder().setDelta(piece));
        if (typing != null) {
            typing.type(piece);
        }
    }

    @Override
    public void citation(String block, String quote, int at) {
        if (!ending) {
            Citation citation = Citation.newBuilder()
                    .setBlock(block)
                    .setQuote(quote)
                    .setAt(at)
                    .build();
            change(builder -> builder.addCitations(citation));
            log.add(GenerationEvent.newBuilder().setCitation(citation));
        }
    }

    @Override
    public void done(int inputTokens, int outputTokens) {
        Usage usage = Usage.newBuilder()
                .setInputTokens(inputTokens)
                .setOutputTokens(outputTokens)
                .build();
        end(builder ->
                builder.setStatus(GenerationStatus.GENERATION_STATUS_DONE).setUsage(usage));
    }

    @Override
    public void failed(Throwable cause) {
        end(builder ->
                builder.setStatus(GenerationStatus.GENERATION_STATUS_ERROR).setError(failure(cause)));
    }

    /** From any thread. Completes once the generation is over, in whatever way. */
    Future<Generation> cancel() {
        context.runOnContext(
                nothing -> end(builder -> builder.setStatus(GenerationStatus.GENERATION_STATUS_CANCELLED)));
        return over.future();
    }

    private void end(UnaryOperator<Generation.Builder> outcome) {
        if (ending) {
            return;
        }
        ending = true;
        if (provider != null) {
            provider.cancel();
        }
        Future<Void> typed = typing == null ? Future.succeededFuture() : typing.end();
        typed.transform(written -> conclude(outcome, written.cause())).onComplete(ended -> announce());
    }

    /** An end that could not be typed or stored is an error, not a clean end. */
    private Future<Void> conclude(UnaryOperator<Generation.Builder> outcome, @Nullable Throwable typingFailure) {
        boolean clean = typingFailure == null;
        change(builder -> clean
                ? outcome.apply(builder)
                : builder.setStatus(GenerationStatus.GENERATION_STATUS_ERROR).setError(failure(typingFailure)));
        change(builder -> builder.setEndedAt(Instant.now().toString()));
        return store.end(user, generation()).recover(cause -> {
            LOG.warn("generation {} ended but could not be stored", generation.getId(), cause);
            change(builder ->
                    builder.setStatus(GenerationStatus.GENERATION_STATUS_ERROR).setError(failure(cause)));
            return Future.succeededFuture();
        });
    }

    private void announce() {
        Generation ended = generation();
        log.add(GenerationEvent.newBuilder().setUsage(ended.getUsage()));
        switch (ended.getStatus()) {
            case GENERATION_STATUS_DONE -> log.add(GenerationEvent.newBuilder().setDone(ended));
            case GENERATION_STATUS_CANCELLED ->
                log.add(GenerationEvent.newBuilder().setCancelled(ended));
            default -> log.add(GenerationEvent.newBuilder().setError(ended.getError()));
        }
        over.complete(ended);
    }

    private void change(UnaryOperator<Generation.Builder> change) {
        generation = change.apply(generation.toBuilder()).build();
    }

    private static Failure failure(@Nullable Throwable cause) {
        if (cause instanceof Problem problem) {
            return Failure.newBuilder()
                    .setCode(problem.code().code())
                    .setDetail(problem.detail())
                    .build();
        }
        LOG.error("a generation failed", cause);
        return Failure.newBuilder()
                .setCode(ProblemCode.INTERNAL.code())
                .setDetail("Something went wrong here.")
                .build();
    }
}
