package ai.materi.ai;

import ai.materi.ai.generation.AriaService;
import ai.materi.ai.generation.GenerationStore;
import ai.materi.ai.generation.Generations;
import ai.materi.ai.provider.ExtractiveProvider;
import ai.materi.ai.provider.OpenAiProvider;
import ai.materi.ai.provider.Provider;
import ai.materi.ai.provider.ProviderBreaker;
import ai.materi.ai.provider.ProviderConfig;
import ai.materi.platform.node.Drain;
import ai.materi.platform.node.Node;
import ai.materi.platform.postgres.Postgres.Schema;
import ai.materi.proto.ai.v1.AiService;
import ai.materi.proto.ai.v1.AiServiceGrpcService;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.util.ArrayList;
import java.util.List;

/** Aria: text from models, and what is honest without one. */
public final class AriaVerticle extends VerticleBase {
    private static final int EXTRACTION_THREADS = 1;

    private final Node node;

    public AriaVerticle(Node node) {
        this.node = node;
    }

    @Override
    public Future<?> start() {
        AriaConfig config = AriaConfig.from(node.settings().section("ai"));
        return node.postgres().migrate(new Schema("ai", List.of("materi_ai"))).onSuccess(migrated -> offer(config));
    }

    private void offer(AriaConfig config) {
        Generations generations = new Generations(
                vertx, config.runsAtOnce(), config.runsAtOncePerUser(), config.longestRun(), config.keepEnded());
        AriaService service = new AriaService(
                vertx,
                node.degradation(),
                node.services(),
                new GenerationStore(node.postgres().as("materi_ai"), node.outbox(), config.longestRun()),
                generations,
                providers(config),
                new AriaService.Options(
                        config.defaultModel(), config.agentName(), config.longestPrompt(), config.longestOutput()));
        node.services().offer(AiService.class, service, AiServiceGrpcService.of(service));
        node.drain().register(Drain.Phase.DISMISS, "generations", generations::cancelAll);
        generations.observe(node.meters());
    }

    /** Models first, so that a model is the default where there is one. */
    private List<Provider> providers(AriaConfig config) {
        List<Provider> providers = new ArrayList<>();
        for (ProviderConfig provider : config.providers()) {
            providers.add(new OpenAiProvider(
                    vertx,
                    vertx.createHttpClient(),
                    ProviderBreaker.of(vertx, provider.name()),
                    provider,
                    config.longestContext()));
        }
        WorkerExecutor workers = vertx.createSharedWorkerExecutor("aria-extract", EXTRACTION_THREADS);
        providers.add(new ExtractiveProvider(workers));
        return providers;
    }
}
