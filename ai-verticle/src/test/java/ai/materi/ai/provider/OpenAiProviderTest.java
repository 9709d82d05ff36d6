package ai.materi.ai.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.materi.ai.provider.Prompt.SourceBlock;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OpenAiProviderTest {
    /** Longer than a busy machine lets anybody wait. */
    private static final Duration LONG = Duration.ofSeconds(8);

    private static final Duration SHORT = Duration.ofSeconds(1);

    private final Vertx vertx = Vertx.vertx();
    private FakeOpenAi server;
    private HttpClient http;
    private OpenAiProvider provider;

    @BeforeEach
    void start() throws Exception {
        server = await(FakeOpenAi.start(vertx));
        http = vertx.createHttpClient();
        provider = waiting(LONG);
    }

    /** @param patience with a silent model */
    private OpenAiProvider waiting(Duration patience) {
        return new OpenAiProvider(vertx, http, ProviderBreaker.of(vertx, "fake"), config(patience), 1_000);
    }

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
    }

    @Test
    void streamsPiecesAndUsage() throws Exception {
        server.then(FakeOpenAi.says("Hello", ", ", "wörld 👩‍🚀"));

        Heard heard = ask();

        assertThat(heard.end()).isEqualTo("done 11 7");
        assertThat(String.join("", heard.pieces)).isEqualTo("Hello, wörld 👩‍🚀");
    }

    @Test
    void understandsAStreamThatArrivesByteByByteWithCarriageReturns() throws Exception {
        server.then(FakeOpenAi.saysInCrumbs("zwölf ", "Boxkämpfer"));

        Heard heard = ask();

        assertThat(heard.end()).isEqualTo("done 0 0");
        assertThat(String.join("", heard.pieces)).isEqualTo("zwölf Boxkämpfer");
    }

    @Test
    void sendsModelMessagesAndKeyAsTheWireWants() throws Exception {
        server.then(FakeOpenAi.says("ok"));

        ask().end();

        assertThat(server.requests).hasSize(1);
        assertThat(server.requests.get(0).getString("model")).isEqualTo("small");
        assertThat(server.requests.get(0).getBoolean("stream")).isTrue();
        assertThat(server.requests.get(0).getJsonArray("messages").encode())
                .contains("<document>", "A sentence.", "Say something");
    }

    @Test
    void triesAgainAfterTooManyRequestsWhenItIsToldToWaitALittle() throws Exception {
        server.then(FakeOpenAi.status(429, "retry-after", "0")).then(FakeOpenAi.says("now"));

        Heard heard = ask();

        assertThat(heard.end()).startsWith("done");
        assertThat(String.join("", heard.pieces)).isEqualTo("now");
        assertThat(server.requests).hasSize(2);
    }

    @Test
    void givesUpAtOnceWhenItIsToldToWaitForLong() {
        server.then(FakeOpenAi.status(429, "retry-after", "3600"));

        assertThat(problem()).extracting(Problem::code).isEqualTo(ProblemCode.UNAVAILABLE);
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void triesAgainAfterAServerErrorAndThenGivesUp() {
        server.then(FakeOpenAi.status(500));

        assertThat(problem()).extracting(Problem::code).isEqualTo(ProblemCode.PROVIDER_ERROR);
        assertThat(server.requests).hasSize(3);
    }

    @Test
    void doesNotTryAgainWhatWasRefused() {
        server.then(FakeOpenAi.status(401));

        assertThat(problem()).hasMessageContaining("refused with 401: as the script says");
        assertThat(server.requests).hasSize(1);
        assertThat(provider.available()).isTrue();
    }

    @Test
    void endsAHangWithAnErrorAfterItsBound() {
        server.then(FakeOpenAi.hangs());
        provider = waiting(SHORT);

        assertThat(problem()).hasMessageContaining("said nothing");
        assertThat(server.requests).hasSize(3);
    }

    @Test
    void aStreamThatFallsSilentIsAnErrorAndIsNotBegunAgain() {
        server.then(FakeOpenAi.saysThenHangs("half"));
        provider = waiting(SHORT);

        assertThat(problem()).hasMessageContaining("broke off");
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void aStreamThatIsCutIsAnErrorAndIsNotBegunAgain() {
        server.then(FakeOpenAi.saysThenCuts("half"));

        assertThat(problem()).hasMessageContaining("broke off");
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void aStreamThatEndsWithoutItsMarkerIsAnError() {
        server.then(FakeOpenAi.saysThenEndsEarly("half"));

        assertThat(problem()).hasMessageContaining("before it was complete");
    }

    @Test
    void aMalformedFrameIsAnError() {
        server.then(FakeOpenAi.saysThenNonsense("half"));

        assertThat(problem()).hasMessageContaining("malformed frame");
    }

    @Test
    void leavesAProviderAloneThatFailsAgainAndAgain() {
        server.then(FakeOpenAi.status(503));
        assertThat(problem()).isNotNull();
        assertThat(problem()).isNotNull();
        int asked = server.requests.size();

        assertThat(problem()).extracting(Problem::code).isEqualTo(ProblemCode.UNAVAILABLE);
        assertThat(server.requests).hasSize(asked);
        assertThat(provider.available()).isFalse();
    }

    @Test
    void saysNothingMoreOnceCancelled() throws Exception {
        server.then(FakeOpenAi.saysThenHangs("first"));
        provider = waiting(SHORT);
        Heard heard = new Heard();
        Promise<Provider.Running> running = Promise.promise();
        vertx.runOnContext(nothing -> running.complete(provider.generate(prompt(), heard)));
        heard.spoken.get(5, TimeUnit.SECONDS);

        vertx.runOnContext(nothing -> running.future().result().cancel());

        assertThatThrownBy(() -> heard.end.get(SHORT.toMillis() * 2, TimeUnit.MILLISECONDS))
                .isInstanceOf(java.util.concurrent.TimeoutException.class);
        assertThat(heard.ends).hasValue(0);
    }

    private Problem problem() {
        try {
            throw new AssertionError("it ended with " + ask().end());
        } catch (ExecutionException e) {
            return Objects.requireNonNull((Problem) e.getCause());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private Heard ask() {
        Heard heard = new Heard();
        vertx.runOnContext(nothing -> provider.generate(prompt(), heard));
        return heard;
    }

    private static Prompt prompt() {
        return new Prompt("small", "", "Say something", List.of(new SourceBlock("1:2", "paragraph", 0, "A sentence.")));
    }

    private ProviderConfig config(Duration patience) {
        return new ProviderConfig(
                "fake",
                server.baseUrl(),
                "key",
                List.of("small"),
                patience,
                patience,
                patience,
                Duration.ofSeconds(2),
                3);
    }

    private static <T> T await(io.vertx.core.Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static final class Heard implements Provider.Listener {
        final List<String> pieces = new CopyOnWriteArrayList<>();
        final AtomicInteger ends = new AtomicInteger();
        final CompletableFuture<String> end = new CompletableFuture<>();
        final CompletableFuture<Void> spoken = new CompletableFuture<>();

        String end() throws Exception {
            return end.get(10, TimeUnit.SECONDS);
        }

        @Override
        public void delta(String piece) {
            pieces.add(piece);
            spoken.complete(null);
        }

        @Override
        public void citation(String block, String quote, int at) {
            throw new AssertionError("a model cites nothing");
        }

        @Override
        public void done(int inputTokens, int outputTokens) {
            ends.incrementAndGet();
            end.complete("done " + inputTokens + " " + outputTokens);
        }

        @Override
        public void failed(Throwable cause) {
            ends.incrementAndGet();
            end.completeExceptionally(cause);
        }
    }
}
