package ai.materi.ai.provider;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerState;
import io.vertx.circuitbreaker.OpenCircuitException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Any endpoint that speaks the wire of OpenAI's chat completions with {@code stream: true}. Before the first token a
 * transient failure (429, 5xx, no connection, silence) is tried again, within bounds; after it, a cut stream is an error.
 * Failures that speak against the endpoint count towards its circuit breaker.
 */
public final class OpenAiProvider implements Provider {
    private static final long FIRST_BACKOFF_MS = 250;

    private final Vertx vertx;
    private final HttpClient http;
    private final CircuitBreaker breaker;
    private final ProviderConfig config;
    private final int longestContext;

    /** @param longestContext characters of a document that are sent along */
    public OpenAiProvider(
            Vertx vertx, HttpClient http, CircuitBreaker breaker, ProviderConfig config, int longestContext) {
        this.vertx = vertx;
        this.http = http;
        this.breaker = breaker;
        this.config = config;
        this.longestContext = longestContext;
    }

    @Override
    public String name() {
        return config.name();
    }

    @Override
    public List<String> models() {
        return config.models();
    }

    @Override
    public Set<String> actions() {
        return Set.of("summary", "keywords", "outline");
    }

    @Override
    public boolean takesPrompts() {
        return true;
    }

    @Override
    public boolean available() {
        return breaker.state() != CircuitBreakerState.OPEN;
    }

    @Override
    public Running generate(Prompt prompt, Listener listener) {
        Generating generating = new Generating(prompt, new Once(listener));
        generating.attempt(1);
        return generating;
    }

    /** One generation with its attempts, of which at most one has said something. */
    private final class Generating implements Running {
        private final Prompt prompt;
        private final Once listener;
        private Completion completion;

        Generating(Prompt prompt, Once listener) {
            this.prompt = prompt;
            this.listener = listener;
            this.completion = newCompletion();
        }

        private Completion newCompletion() {
            return new Completion(
                    vertx, http, config, prompt.model(), Instructions.messages(prompt, longestContext), listener);
        }

        void attempt(int number) {
            if (listener.over()) {
                return;
            }
            completion = newCompletion();
            breaker.<Void>execute(promise -> completion.begin().onComplete(promise))
                    .onFailure(cause -> failed(number, cause));
        }

        private void failed(int number, Throwable cause) {
            completion.abandon();
            if (cause instanceof OpenCircuitException) {
                listener.failed(Problem.of(
                        ProblemCode.UNAVAILABLE,
                        "The provider '" + config.name() + "' has failed repeatedly and is left alone for a while."));
            } else if (cause instanceof Refusal refusal) {
                listener.failed(Problem.of(ProblemCode.PROVIDER_ERROR, refusal.detail(config.name())));
            } else if (number < config.attempts() && !completion.hasSpoken() && delayMs(number, cause) >= 0) {
                vertx.setTimer(Math.max(1, delayMs(number, cause)), timer -> attempt(number + 1));
            } else {
                listener.failed(asProblem(cause));
            }
        }

        /** Milliseconds until the next attempt; -1 when the provider asks for more patience than there is. */
        private long delayMs(int number, Throwable cause) {
            if (cause instanceof Overload overload && overload.retryAfterMs() >= 0) {
                return overload.retryAfterMs() <= config.longestRetryAfter().toMillis() ? overload.retryAfterMs() : -1;
            }
            return (FIRST_BACKOFF_MS << (number - 1))
                    + ThreadLocalRandom.current().nextLong(FIRST_BACKOFF_MS);
        }

        private Problem asProblem(Throwable cause) {
            if (cause instanceof Problem problem) {
                return problem;
            }
            if (cause instanceof Overload overload && overload.status() == 429) {
                return Problem.of(
                        ProblemCode.UNAVAILABLE, "The provider '" + config.name() + "' asks for fewer requests.");
            }
            return Problem.of(
                    ProblemCode.PROVIDER_ERROR, "The provider '" + config.name() + "' failed: " + cause.getMessage());
        }

        @Override
        public void cancel() {
            listener.cancel();
            completion.abandon();
        }
    }

    /** Closes the connections. */
    public Future<Void> close() {
        breaker.close();
        return http.close();
    }
}
