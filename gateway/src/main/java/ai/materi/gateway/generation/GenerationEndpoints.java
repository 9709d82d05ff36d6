package ai.materi.gateway.generation;

import ai.materi.gateway.http.Access;
import ai.materi.gateway.http.Budgets;
import ai.materi.gateway.http.Call;
import ai.materi.gateway.http.Endpoint;
import ai.materi.gateway.http.Reply;
import ai.materi.gateway.sse.EventStream;
import ai.materi.gateway.sse.LastEventId;
import ai.materi.gateway.sse.OpenStreams;
import ai.materi.gateway.sse.SseEvent;
import ai.materi.platform.call.CallContext;
import ai.materi.platform.grpc.Services;
import ai.materi.platform.http.Degradation.Feature;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.ai.v1.CancelGenerationRequest;
import ai.materi.proto.ai.v1.Failure;
import ai.materi.proto.ai.v1.Generation;
import ai.materi.proto.ai.v1.GenerationEvent;
import ai.materi.proto.ai.v1.GenerationStatus;
import ai.materi.proto.ai.v1.GetCapabilitiesRequest;
import ai.materi.proto.ai.v1.GetGenerationRequest;
import ai.materi.proto.ai.v1.StartGenerationRequest;
import ai.materi.proto.ai.v1.StreamGenerationRequest;
import ai.materi.proto.auth.v1.Action;
import ai.materi.proto.auth.v1.Authorization;
import ai.materi.proto.auth.v1.AuthorizeRequest;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.streams.ReadStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /api/v1/ai/*}. Starting a generation is one thing, hearing of it another: the same idempotency key starts it once and
 * may listen to it twice. A client that leaves the answer to its POST cancels the generation; one that leaves
 * {@code …/stream} does not, since it may come back.
 */
public final class GenerationEndpoints {
    private static final Logger LOG = LoggerFactory.getLogger(GenerationEndpoints.class);
    private static final String GENERATIONS = "/api/v1/ai/generations";
    private static final String GENERATION = GENERATIONS + "/{id}";
    private static final SseEvent CUT = SseEvent.error("internal", "The generation's events stopped before its end.");
    private static final Duration CANCEL_DEADLINE = Duration.ofSeconds(10);

    private final Services services;
    private final Budgets budgets;
    private final Duration deadline;
    private final OpenStreams open;

    /** Clients wait at most {@code deadline} for a whole generation. */
    public GenerationEndpoints(Services services, Budgets budgets, OpenStreams open, Duration deadline) {
        this.services = services;
        this.budgets = budgets;
        this.deadline = deadline;
        this.open = open;
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.post(GENERATIONS, this::start)
                        .needs(Feature.GENERATE)
                        .deadline(deadline)
                        .shownBy(this::show),
                Endpoint.get(GENERATION, this::read),
                Endpoint.delete(GENERATION, this::cancel).servedAlways(),
                Endpoint.get(GENERATION + "/stream", this::listen).access(Access.BEARER_OR_TICKET),
                Endpoint.get("/api/v1/ai/capabilities", this::capabilities));
    }

    private Future<Reply> start(Call call) {
        StartGenerationRequest wanted = GenerationBody.read(call.json()).request();
        return pay(call, wanted.getDocumentId())
                .compose(counted -> services.ai().startGeneration(wanted))
                .map(generation -> Reply.json(200, GenerationJson.of(generation))
                        .with("location", GENERATIONS + "/" + generation.getId()));
    }

    private Future<Void> pay(Call call, String document) {
        return document.isEmpty()
                ? Future.succeededFuture()
                : budgets.workspace(call, document, () -> workspaceOf(document));
    }

    private Future<UUID> workspaceOf(String document) {
        return services.auth()
                .authorize(AuthorizeRequest.newBuilder()
                        .setDocumentId(document)
                        .setAction(Action.ACTION_READ)
                        .build())
                .map(Authorization::getWorkspaceId)
                .map(UUID::fromString);
    }

    /** Shows a generation that was started by this request, or by an earlier one with the same idempotency key. */
    private Future<Reply> show(Call call, Reply.Content started) {
        if (started.status() != 200) {
            return Future.succeededFuture(started);
        }
        String id = new JsonObject(started.body()).getString("id");
        Runnable cancel = cancelling(call.context(), id);
        return events(id, 0)
                .compose(events -> GenerationBody.read(call.json()).stream()
                        ? Future.succeededFuture(stream(events, cancel))
                        : await(call, id, events, cancel));
    }

    private Future<ReadStream<GenerationEvent>> events(String id, long after) {
        return services.ai()
                .streamGeneration(StreamGenerationRequest.newBuilder()
                        .setGenerationId(id)
                        .setAfterSequence(after)
                        .build());
    }

    private Reply stream(ReadStream<GenerationEvent> events, Runnable onLeft) {
        return open.reply(source(events, onLeft));
    }

    private static EventStream.Source<GenerationEvent> source(ReadStream<GenerationEvent> events, Runnable onLeft) {
        return new EventStream.Source<>(events, GenerationEvents::of, CUT, onLeft);
    }

    private Future<Reply> await(Call call, String id, ReadStream<GenerationEvent> events, Runnable onLeft) {
        if (call.response().ended() || call.response().closed()) {
            source(events, onLeft).abandon();
            return Future.failedFuture(Problem.of(ProblemCode.INVALID_REQUEST, "The client has left."));
        }
        Promise<Reply> answer = Promise.promise();
        call.response().closeHandler(gone -> {
            if (answer.tryFail(Problem.of(ProblemCode.INVALID_REQUEST, "The client has left."))) {
                onLeft.run();
            }
        });
        events.exceptionHandler(answer::tryFail);
        events.endHandler(end -> answer.tryFail(
                Problem.of(ProblemCode.PROVIDER_ERROR, "The generation's events stopped before its end.")));
        events.handler(event -> {
            switch (event.getEventCase()) {
                case DONE -> answer.tryComplete(Reply.json(200, GenerationJson.of(event.getDone())));
                case CANCELLED -> answer.tryComplete(Reply.json(200, GenerationJson.of(event.getCancelled())));
                case ERROR -> answer.tryFail(problem(id, event.getError()));
                default -> {} // the last event holds all of it
            }
        });
        return answer.future();
    }

    private static Problem problem(String id, Failure failure) {
        return Problem.of(code(failure.getCode()), failure.getDetail(), Map.of("generation_id", id));
    }

    private static ProblemCode code(String code) {
        for (ProblemCode known : ProblemCode.values()) {
            if (known.code().equals(code.toLowerCase(Locale.ROOT))) {
                return known;
            }
        }
        return ProblemCode.PROVIDER_ERROR;
    }

    private Runnable cancelling(CallContext caller, String id) {
        return () -> caller.until(Instant.now().plus(CANCEL_DEADLINE))
                .call(() -> services.ai().cancelGeneration(cancellation(id)))
                .onFailure(failure -> LOG.warn("Generation {} could not be cancelled: {}", id, failure.getMessage()));
    }

    private static CancelGenerationRequest cancellation(String id) {
        return CancelGenerationRequest.newBuilder().setGenerationId(id).build();
    }

    private Future<Reply> read(Call call) {
        return generation(call)
                .map(generation ->
                        Reply.json(200, GenerationJson.of(generation)).with("cache-control", "no-store"));
    }

    private Future<Generation> generation(Call call) {
        return services.ai()
                .getGeneration(GetGenerationRequest.newBuilder()
                        .setGenerationId(call.id("id").toString())
                        .build());
    }

    private Future<Reply> cancel(Call call) {
        return services.ai()
                .cancelGeneration(cancellation(call.id("id").toString()))
                .map(generation -> Reply.json(200, GenerationJson.of(generation)));
    }

    private Future<Reply> listen(Call call) {
        long after = LastEventId.of(call).orElse(0L);
        return generation(call).compose(generation -> {
            requireTicketFor(call, generation);
            return events(generation.getId(), after)
                    .compose(events -> generation.getStatus() == GenerationStatus.GENERATION_STATUS_RUNNING
                            ? Future.succeededFuture(stream(events, () -> {}))
                            : replay(events));
        });
    }

    /** A ticket opens what belongs to its document, and nothing else. */
    private static void requireTicketFor(Call call, Generation generation) {
        @Nullable UUID document = call.queryId("document_id").orElse(null);
        boolean byTicket = call.context().token() == null;
        if (byTicket && (document == null || !document.toString().equals(generation.getDocumentId()))) {
            throw Problem.of(ProblemCode.NOT_FOUND, "There is no such generation.");
        }
    }

    /** What is left of a generation that has ended; 204 tells an EventSource that has seen all of it to stay away. */
    private static Future<Reply> replay(ReadStream<GenerationEvent> events) {
        Promise<Reply> answer = Promise.promise();
        Buffer lines = Buffer.buffer();
        events.exceptionHandler(answer::tryFail);
        events.endHandler(end -> answer.tryComplete(
                lines.length() == 0
                        ? Reply.empty(204)
                        : Reply.of(200, EventStream.MEDIA_TYPE, lines).with("cache-control", "no-store")));
        events.handler(event -> lines.appendBuffer(GenerationEvents.of(event).bytes()));
        return answer.future();
    }

    private Future<Reply> capabilities(Call call) {
        return services.ai()
                .getCapabilities(GetCapabilitiesRequest.getDefaultInstance())
                .map(capabilities -> Reply.json(200, GenerationJson.of(capabilities)));
    }
}
