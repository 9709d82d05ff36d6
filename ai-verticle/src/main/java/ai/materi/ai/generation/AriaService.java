package ai.materi.ai.generation;

import ai.materi.ai.provider.Prompt;
import ai.materi.ai.provider.Prompt.SourceBlock;
import ai.materi.ai.provider.Provider;
import ai.materi.platform.call.CallContext;
import ai.materi.platform.call.Principal;
import ai.materi.platform.grpc.Services;
import ai.materi.platform.http.Degradation;
import ai.materi.platform.http.Degradation.Feature;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.ai.v1.AiServiceService;
import ai.materi.proto.ai.v1.CancelGenerationRequest;
import ai.materi.proto.ai.v1.Capabilities;
import ai.materi.proto.ai.v1.Generation;
import ai.materi.proto.ai.v1.GenerationEvent;
import ai.materi.proto.ai.v1.GenerationStatus;
import ai.materi.proto.ai.v1.GetCapabilitiesRequest;
import ai.materi.proto.ai.v1.GetGenerationRequest;
import ai.materi.proto.ai.v1.Model;
import ai.materi.proto.ai.v1.StartGenerationRequest;
import ai.materi.proto.ai.v1.StreamGenerationRequest;
import ai.materi.proto.collab.v1.ListBlocksRequest;
import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.streams.ReadStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/** {@code AiService}: admits, assembles the context, starts the provider and lets any number of readers follow. */
public final class AriaService extends AiServiceService {
    private static final NoArgGenerator IDS = Generators.timeBasedEpochGenerator();
    private static final Set<String> ACTIONS = Set.of("summary", "keywords", "outline");

    /**
     * Bounds and names.
     *
     * @param defaultModel {@code provider/model}
     * @param longestPrompt in characters
     * @param longestOutput in characters
     */
    public record Options(String defaultModel, String agentName, int longestPrompt, int longestOutput) {}

    private final Vertx vertx;
    private final Degradation degradation;
    private final Services services;
    private final GenerationStore store;
    private final Generations generations;
    private final List<Provider> providers;
    private final Options options;

    public AriaService(
            Vertx vertx,
            Degradation degradation,
            Services services,
            GenerationStore store,
            Generations generations,
            List<Provider> providers,
            Options options) {
        this.vertx = vertx;
        this.degradation = degradation;
        this.services = services;
        this.store = store;
        this.generations = generations;
        this.providers = List.copyOf(providers);
        this.options = options;
    }

    /** A model with its provider, as a request chose them. */
    private record Choice(Provider provider, String model) {
        String id() {
            return provider.name() + "/" + model;
        }
    }

    @Override
    public Future<Generation> startGeneration(StartGenerationRequest request) {
        return attempt(() -> start(request));
    }

    /** A service fails by its future, never by throwing. */
    private static <T> Future<T> attempt(Supplier<Future<T>> body) {
        return Future.succeededFuture().compose(nothing -> body.get());
    }

    private Future<Generation> start(StartGenerationRequest request) {
        degradation.require(Feature.GENERATE);
        CallContext caller = CallContext.current();
        Principal principal = caller.requirePrincipal();
        Choice choice = choose(validated(request));
        return generations
                .admit(principal.userId())
                .compose(admitted -> blocks(request))
                .compose(blocks -> begin(principal, request, choice, caller, blocks));
    }

    private StartGenerationRequest validated(StartGenerationRequest request) {
        if (request.getPrompt().isBlank() == request.getAction().isBlank()) {
            throw invalid("prompt", "Exactly one of prompt and action is needed.");
        }
        if (request.getPrompt().length() > options.longestPrompt()) {
            throw invalid("prompt", "A prompt has at most " + options.longestPrompt() + " characters.");
        }
        if (!request.getAction().isBlank() && !ACTIONS.contains(request.getAction())) {
            throw invalid("action", "An action is summary, keywords or outline.");
        }
        if (request.getDocumentId().isBlank()
                && (request.hasTarget() || !request.getAction().isBlank())) {
            throw invalid("document_id", "An action, and a target, need a document.");
        }
        if (!request.getDocumentId().isBlank()) {
            uuid("document_id", request.getDocumentId());
        }
        return request;
    }

    /** The named model, or the default one where it can do it, or the first that can. */
    private Choice choose(StartGenerationRequest request) {
        if (!request.getModel().isBlank()) {
            Choice named = find(request.getModel())
                    .orElseThrow(() ->
                            Problem.of(ProblemCode.UNKNOWN_MODEL, "There is no model '" + request.getModel() + "'."));
            if (!can(named.provider(), request)) {
                throw unsupported("The model '" + named.id() + "' cannot do that.");
            }
            return named;
        }
        return find(options.defaultModel())
                .filter(choice -> can(choice.provider(), request))
                .or(() -> providers.stream()
                        .filter(provider -> can(provider, request))
                        .findFirst()
                        .map(provider -> new Choice(provider, provider.models().get(0))))
                .orElseThrow(() -> unsupported("No model is configured that takes a prompt. Without one there are the"
                        + " actions summary, keywords and outline."));
    }

    private Optional<Choice> find(String id) {
        return providers.stream()
                .flatMap(provider -> provider.models().stream().map(model -> new Choice(provider, model)))
                .filter(choice -> choice.id().equals(id))
                .findFirst();
    }

    private static boolean can(Provider provider, StartGenerationRequest request) {
        return request.getAction().isBlank()
                ? provider.takesPrompts()
                : provider.actions().contains(request.getAction());
    }

    private Future<List<SourceBlock>> blocks(StartGenerationRequest request) {
        if (request.getDocumentId().isBlank()) {
            return Future.succeededFuture(List.of());
        }
        ListBlocksRequest blocks = ListBlocksRequest.newBuilder()
                .setDocumentId(request.getDocumentId())
                .build();
        return services.collab()
                .listBlocks(blocks)
                .map(reply -> reply.getBlocksList().stream()
                        .map(block ->
                                new SourceBlock(block.getId(), block.getType(), block.getLevel(), block.getText()))
                        .toList());
    }

    private Future<Generation> begin(
            Principal principal,
            StartGenerationRequest request,
            Choice choice,
            CallContext caller,
            List<SourceBlock> blocks) {
        Generation generation = Generation.newBuilder()
                .setId(IDS.generate().toString())
                .setStatus(GenerationStatus.GENERATION_STATUS_RUNNING)
                .setModel(choice.id())
                .setProvider(choice.provider().name())
                .setDocumentId(request.getDocumentId())
                .setCreatedAt(Instant.now().toString())
                .build();
        Context context = vertx.getOrCreateContext();
        Run run = new Run(principal.userId(), context, store, options.longestOutput(), generation);
        Prompt prompt = new Prompt(choice.model(), request.getAction(), request.getPrompt(), blocks);
        return store.insert(principal.userId(), generation)
                .compose(inserted -> typing(request, caller).onFailure(run::failed))
                .map(typing -> {
                    typing.ifPresent(run::typeWith);
                    generations.add(run);
                    run.follow(choice.provider().generate(prompt, run));
                    return generation;
                });
    }

    private Future<Optional<Typing>> typing(StartGenerationRequest request, CallContext caller) {
        if (!request.hasTarget()) {
            return Future.succeededFuture(Optional.empty());
        }
        // The agent may type for longer than the request that started it was willing to wait.
        CallContext unhurried =
                new CallContext(caller.principal(), caller.token(), null, caller.requestId(), caller.traceparent());
        return Typing.begin(
                        services.collab(), unhurried, request.getDocumentId(), options.agentName(), request.getTarget())
                .map(Optional::of);
    }

    @Override
    public Future<Generation> getGeneration(GetGenerationRequest request) {
        return attempt(() -> get(request));
    }

    private Future<Generation> get(GetGenerationRequest request) {
        UUID user = CallContext.current().requirePrincipal().userId();
        UUID id = uuid("generation_id", request.getGenerationId());
        return generations
                .find(user, id.toString())
                .map(run -> Future.succeededFuture(run.generation()))
                .orElseGet(() -> store.get(user, id));
    }

    @Override
    public Future<ReadStream<GenerationEvent>> streamGeneration(StreamGenerationRequest request) {
        return attempt(() -> stream(request));
    }

    private Future<ReadStream<GenerationEvent>> stream(StreamGenerationRequest request) {
        UUID user = CallContext.current().requirePrincipal().userId();
        UUID id = uuid("generation_id", request.getGenerationId());
        int from = (int) Math.min(request.getAfterSequence(), Integer.MAX_VALUE);
        return generations
                .find(user, id.toString())
                .map(run -> Future.succeededFuture(run.log()))
                .orElseGet(() -> store.get(user, id).compose(AriaService::replay))
                .map(log -> follow(log, from));
    }

    private ReadStream<GenerationEvent> follow(EventLog log, int from) {
        EventStream stream = new EventStream(log, vertx.getOrCreateContext(), Math.min(from, log.size()));
        log.join(stream);
        return stream;
    }

    /** The events of a generation that is no longer in memory, as few as tell the same. */
    private static Future<EventLog> replay(Generation generation) {
        if (generation.getStatus() == GenerationStatus.GENERATION_STATUS_RUNNING) {
            return Future.failedFuture(
                    Problem.of(ProblemCode.UNAVAILABLE, "That generation runs on another node; ask for its state."));
        }
        EventLog log = new EventLog();
        log.add(GenerationEvent.newBuilder().setMeta(generation));
        log.add(GenerationEvent.newBuilder().setDelta(generation.getText()));
        generation
                .getCitationsList()
                .forEach(citation -> log.add(GenerationEvent.newBuilder().setCitation(citation)));
        log.add(GenerationEvent.newBuilder().setUsage(generation.getUsage()));
        switch (generation.getStatus()) {
            case GENERATION_STATUS_DONE -> log.add(GenerationEvent.newBuilder().setDone(generation));
            case GENERATION_STATUS_CANCELLED ->
                log.add(GenerationEvent.newBuilder().setCancelled(generation));
            default -> log.add(GenerationEvent.newBuilder().setError(generation.getError()));
        }
        return Future.succeededFuture(log);
    }

    @Override
    public Future<Generation> cancelGeneration(CancelGenerationRequest request) {
        return attempt(() -> cancel(request));
    }

    private Future<Generation> cancel(CancelGenerationRequest request) {
        UUID user = CallContext.current().requirePrincipal().userId();
        UUID id = uuid("generation_id", request.getGenerationId());
        return generations.find(user, id.toString()).map(Run::cancel).orElseGet(() -> store.get(user, id));
    }

    @Override
    public Future<Capabilities> getCapabilities(GetCapabilitiesRequest request) {
        return attempt(this::capabilities);
    }

    private Future<Capabilities> capabilities() {
        CallContext.current().requirePrincipal();
        Capabilities.Builder capabilities = Capabilities.newBuilder();
        for (Provider provider : providers) {
            for (String model : provider.models()) {
                capabilities.addModels(Model.newBuilder()
                        .setId(provider.name() + "/" + model)
                        .setProvider(provider.name())
                        .addAllActions(provider.actions().stream().sorted().toList())
                        .setPrompt(provider.takesPrompts())
                        .setAvailable(provider.available()));
            }
        }
        return Future.succeededFuture(capabilities.build());
    }

    private static UUID uuid(String field, String value) {
        try {
            return UUID.fromString(value);
        } catch (IllegalArgumentException e) {
            throw invalid(field, "'" + field + "' is not a UUID.");
        }
    }

    private static Problem invalid(String field, String detail) {
        return Problem.of(ProblemCode.INVALID_FIELD, detail, java.util.Map.of("field", field));
    }

    private static Problem unsupported(String detail) {
        return Problem.of(ProblemCode.UNSUPPORTED_ACTION, detail);
    }
}
