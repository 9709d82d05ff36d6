package ai.materi.gateway;

import ai.materi.platform.grpc.CancellableStream;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.ai.v1.AiServiceService;
import ai.materi.proto.ai.v1.CancelGenerationRequest;
import ai.materi.proto.ai.v1.Generation;
import ai.materi.proto.ai.v1.GenerationEvent;
import ai.materi.proto.ai.v1.GenerationStatus;
import ai.materi.proto.ai.v1.GetGenerationRequest;
import ai.materi.proto.ai.v1.StartGenerationRequest;
import ai.materi.proto.ai.v1.StreamGenerationRequest;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.streams.ReadStream;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Generations whose events come when a test says so: for the ways in which a stream can end that no honest model shows. */
final class ScriptedAria extends AiServiceService {
    private final String id = UUID.randomUUID().toString();
    private final List<String> cancelled = new CopyOnWriteArrayList<>();
    private volatile @Nullable Script script;

    List<String> cancelled() {
        return cancelled;
    }

    String id() {
        return id;
    }

    /** The stream that is being read, once it is. */
    @Nullable
    Script script() {
        return script;
    }

    private Generation generation(GenerationStatus status) {
        return Generation.newBuilder()
                .setId(id)
                .setStatus(status)
                .setModel("test/scripted")
                .setProvider("test")
                .setCreatedAt("2026-11-20T12:00:00.000000Z")
                .build();
    }

    @Override
    public Future<Generation> startGeneration(StartGenerationRequest request) {
        return Future.succeededFuture(generation(GenerationStatus.GENERATION_STATUS_RUNNING));
    }

    @Override
    public Future<Generation> getGeneration(GetGenerationRequest request) {
        return request.getGenerationId().equals(id)
                ? Future.succeededFuture(generation(GenerationStatus.GENERATION_STATUS_RUNNING))
                : Future.failedFuture(Problem.of(ProblemCode.NOT_FOUND, "There is no such generation."));
    }

    @Override
    public Future<Generation> cancelGeneration(CancelGenerationRequest request) {
        cancelled.add(request.getGenerationId());
        return Future.succeededFuture(generation(GenerationStatus.GENERATION_STATUS_CANCELLED));
    }

    @Override
    public Future<ReadStream<GenerationEvent>> streamGeneration(StreamGenerationRequest request) {
        Script fresh = new Script(Vertx.currentContext());
        script = fresh;
        return Future.succeededFuture(fresh);
    }

    /** A stream that a test writes. */
    static final class Script implements CancellableStream<GenerationEvent> {
        private final Context context;
        private volatile boolean left;
        private @Nullable Handler<GenerationEvent> handler;
        private @Nullable Handler<Throwable> failed;
        private @Nullable Handler<Void> ended;

        Script(Context context) {
            this.context = context;
        }

        void delta(long sequence, String text) {
            context.runOnContext(run -> {
                if (handler != null) {
                    handler.handle(GenerationEvent.newBuilder()
                            .setSequence(sequence)
                            .setDelta(text)
                            .build());
                }
            });
        }

        void end() {
            context.runOnContext(run -> {
                if (ended != null) {
                    ended.handle(null);
                }
            });
        }

        void fail(Throwable failure) {
            context.runOnContext(run -> {
                if (failed != null) {
                    failed.handle(failure);
                }
            });
        }

        /** Whether its reader has gone. */
        boolean left() {
            return left;
        }

        @Override
        public void cancel() {
            left = true;
        }

        @Override
        public Script exceptionHandler(@Nullable Handler<Throwable> wanted) {
            failed = wanted;
            return this;
        }

        @Override
        public Script handler(@Nullable Handler<GenerationEvent> wanted) {
            handler = wanted;
            return this;
        }

        @Override
        public Script endHandler(@Nullable Handler<Void> wanted) {
            ended = wanted;
            return this;
        }

        @Override
        public Script pause() {
            return this;
        }

        @Override
        public Script resume() {
            return this;
        }

        @Override
        public Script fetch(long amount) {
            return this;
        }
    }
}
