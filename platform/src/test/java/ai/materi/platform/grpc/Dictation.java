package ai.materi.platform.grpc;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.ai.v1.AiServiceService;
import ai.materi.proto.ai.v1.Capabilities;
import ai.materi.proto.ai.v1.GenerationEvent;
import ai.materi.proto.ai.v1.GetCapabilitiesRequest;
import ai.materi.proto.ai.v1.StreamGenerationRequest;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.streams.ReadStream;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Streams as many items as the generation's id says, and then ends as its prefix says: {@code end-3}, {@code fail-2}. */
final class Dictation extends AiServiceService {
    private final Map<String, CompletableFuture<Void>> left = new ConcurrentHashMap<>();

    /** Completes when the reader of a generation has gone. */
    CompletableFuture<Void> left(String generation) {
        return left.computeIfAbsent(generation, unknown -> new CompletableFuture<>());
    }

    @Override
    public Future<ReadStream<GenerationEvent>> streamGeneration(StreamGenerationRequest request) {
        String[] parts = request.getGenerationId().split("-", 2);
        if (parts[0].equals("refuse")) {
            return Future.failedFuture(Problem.of(ProblemCode.NOT_FOUND, "There is no such generation."));
        }
        return Future.succeededFuture(new Items(Integer.parseInt(parts[1]), parts[0], left(request.getGenerationId())));
    }

    /** Never answers. */
    @Override
    public Future<Capabilities> getCapabilities(GetCapabilitiesRequest request) {
        return Promise.<Capabilities>promise().future();
    }

    private static final class Items implements CancellableStream<GenerationEvent> {
        private final int count;
        private final String ending;
        private final io.vertx.core.Context context = Vertx.currentContext();
        private @Nullable Handler<GenerationEvent> handler;
        private @Nullable Handler<Throwable> failed;
        private @Nullable Handler<Void> ended;
        private final CompletableFuture<Void> gone;
        private int sent;
        private boolean paused;
        private boolean over;

        Items(int count, String ending, CompletableFuture<Void> gone) {
            this.gone = gone;
            this.count = count;
            this.ending = ending;
        }

        private void pump() {
            while (!paused && !over && handler != null && sent < count) {
                handler.handle(GenerationEvent.newBuilder().setSequence(++sent).build());
            }
            if (sent == count && !over && handler != null) {
                finish();
            }
        }

        private void finish() {
            if (ending.equals("end") && ended != null) {
                over = true;
                ended.handle(null);
            } else if (ending.equals("fail") && failed != null) {
                over = true;
                failed.handle(Problem.of(ProblemCode.PROVIDER_ERROR, "Cut in mid-stream."));
            }
        }

        @Override
        public Items handler(@Nullable Handler<GenerationEvent> to) {
            handler = to;
            context.runOnContext(v -> pump());
            return this;
        }

        @Override
        public Items exceptionHandler(@Nullable Handler<Throwable> to) {
            failed = to;
            return this;
        }

        @Override
        public Items endHandler(@Nullable Handler<Void> to) {
            ended = to;
            return this;
        }

        @Override
        public Items pause() {
            paused = true;
            return this;
        }

        @Override
        public Items resume() {
            return fetch(Long.MAX_VALUE);
        }

        @Override
        public Items fetch(long amount) {
            paused = false;
            context.runOnContext(v -> pump());
            return this;
        }

        @Override
        public void cancel() {
            over = true;
            gone.complete(null);
        }
    }
}
