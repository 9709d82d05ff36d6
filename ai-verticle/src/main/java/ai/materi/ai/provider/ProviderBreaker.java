package ai.materi.ai.provider;

import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerOptions;
import io.vertx.core.Vertx;

/** Leaves a provider alone for a while after it failed several times in a row; what it refused does not count. */
public final class ProviderBreaker {
    private static final int FAILURES = 5;
    private static final long LEFT_ALONE_MS = 10_000;
    private static final long NO_TIMEOUT = -1;

    private ProviderBreaker() {}

    public static CircuitBreaker of(Vertx vertx, String provider) {
        CircuitBreakerOptions options = new CircuitBreakerOptions()
                .setMaxFailures(FAILURES)
                .setResetTimeout(LEFT_ALONE_MS)
                .setTimeout(NO_TIMEOUT);
        return CircuitBreaker.create("ai-provider-" + provider, vertx, options)
                .failurePolicy(outcome -> outcome.failed() && !(outcome.cause() instanceof Refusal));
    }
}
