package ai.materi.platform.call;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.platform.node.Await;
import ai.materi.platform.problem.Problem;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CallContextTest {
    private final Vertx vertx = Vertx.vertx();

    @AfterAll
    void close() {
        Await.result(vertx.close());
    }

    @Test
    void isAnonymousOutsideAnyCall() {
        assertThat(CallContext.current().principal()).isNull();
        assertThat(onLoop(() -> Future.succeededFuture(CallContext.current().requestId())))
                .isEqualTo("-");
    }

    @Test
    void isSeenByTheBodyAndByNothingElseOnTheLoop() {
        CallContext call = CallContext.anonymous("r1", null);
        String seen = onLoop(() -> call.call(() -> {
                    String inside = CallContext.current().requestId();
                    return vertx.timer(5)
                            .map(t -> inside + CallContext.current().requestId());
                })
                .map(inside -> inside + CallContext.current().requestId()));
        assertThat(seen).isEqualTo("r1r1-");
    }

    @Test
    void returnsTheResultInTheContextThatCalled() {
        Boolean same = onLoop(() -> {
            Context caller = vertx.getOrCreateContext();
            return CallContext.anonymous("r2", null)
                    .call(() -> vertx.timer(5))
                    .map(t -> vertx.getOrCreateContext() == caller);
        });
        assertThat(same).isTrue();
    }

    @Test
    void turnsWhatTheBodyThrowsIntoAFailure() {
        Promise<Void> done = Promise.promise();
        vertx.runOnContext(v -> CallContext.anonymous("r3", null)
                .<Void>call(() -> {
                    CallContext.current().requirePrincipal();
                    return Future.succeededFuture();
                })
                .onComplete(done));
        assertThat(Await.failure(done.future())).isInstanceOf(Problem.class).hasMessageContaining("access token");
    }

    @Test
    void countsDownToItsDeadline() {
        CallContext call = CallContext.anonymous("r4", null);
        Duration fallback = Duration.ofSeconds(10);
        assertThat(call.remaining(fallback)).isEqualTo(fallback);
        assertThat(call.until(Instant.now().plusSeconds(60)).remaining(fallback))
                .isEqualTo(fallback);
        assertThat(call.until(Instant.now().plusSeconds(5)).remaining(fallback))
                .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(5));
        assertThat(call.until(Instant.now().minusSeconds(1)).remaining(fallback))
                .isZero();
    }

    private <T> T onLoop(Supplier<Future<T>> body) {
        Promise<T> result = Promise.promise();
        vertx.runOnContext(v -> body.get().onComplete(result));
        return Await.result(result.future());
    }
}
