package ai.materi.platform.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.platform.node.Await;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResilienceTest {
    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Retry retry = new Retry(4, Duration.ofMillis(1), Duration.ofMillis(5));
    private final AtomicInteger attempts = new AtomicInteger();

    @AfterAll
    void close() {
        Await.result(vertx.close());
    }

    @Test
    void triesAgainUntilItSucceeds() {
        attempts.set(0);
        int answer = Await.result(retry.run(
                vertx,
                () -> attempts.incrementAndGet() < 3
                        ? Future.<Integer>failedFuture("not yet")
                        : Future.succeededFuture(7),
                failure -> true));
        assertThat(answer).isEqualTo(7);
        assertThat(attempts).hasValue(3);
    }

    @Test
    void failsAsTheLastAttemptDid() {
        attempts.set(0);
        Throwable failure = Await.failure(
                retry.run(vertx, () -> Future.failedFuture("attempt " + attempts.incrementAndGet()), f -> true));
        assertThat(failure).hasMessage("attempt 4");
    }

    @Test
    void doesNotRepeatWhatIsNotWorthwhile() {
        attempts.set(0);
        Await.failure(retry.run(
                vertx,
                () -> {
                    throw new IllegalStateException("attempt " + attempts.incrementAndGet());
                },
                f -> false));
        assertThat(attempts).hasValue(1);
    }

    @Test
    void opensAfterFailures() {
        Breakers.Breaker breaker = broken("thing", Duration.ofMinutes(1));
        Await.until("it is open", () -> !breaker.lets());
        Problem refusal = (Problem) Await.failure(breaker.run(() -> Future.succeededFuture("?")));
        assertThat(refusal.code()).isEqualTo(ProblemCode.UNAVAILABLE);
        assertThat(opened("thing")).isEqualTo(1);
    }

    @Test
    void closesAgain() {
        Breakers.Breaker breaker = broken("other", Duration.ofMillis(100));
        Await.until("it has opened", () -> opened("other") == 1);

        Await.until("it lets a call through", breaker::lets);

        assertThat(Await.result(breaker.run(() -> Future.succeededFuture("back"))))
                .isEqualTo("back");
    }

    private Breakers.Breaker broken(String name, Duration reset) {
        Breakers.Breaker breaker =
                Breakers.create(vertx, meters).named(name, new Breakers.Limits(2, Duration.ofSeconds(5), reset));
        Await.failure(breaker.run(() -> Future.failedFuture("one")));
        Await.failure(breaker.run(() -> Future.failedFuture("two")));
        return breaker;
    }

    private double opened(String name) {
        return meters.get("materi.breaker.opened").tag("name", name).counter().count();
    }

    @Test
    void givesUpOnACallThatTakesTooLong() {
        Breakers.Breaker breaker = Breakers.create(vertx, meters)
                .named("slow", new Breakers.Limits(5, Duration.ofMillis(50), Duration.ofSeconds(5)));
        Problem problem = (Problem)
                Await.failure(breaker.run(() -> Promise.<String>promise().future()));
        assertThat(problem.code()).isEqualTo(ProblemCode.TIMED_OUT);
    }
}
