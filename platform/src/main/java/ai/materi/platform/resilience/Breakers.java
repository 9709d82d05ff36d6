package ai.materi.platform.resilience;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerOptions;
import io.vertx.circuitbreaker.CircuitBreakerState;
import io.vertx.circuitbreaker.OpenCircuitException;
import io.vertx.circuitbreaker.TimeoutException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes circuit breakers for whatever leaves the process, each with its metrics. */
public final class Breakers {
    /**
     * When a breaker opens, and for how long.
     *
     * @param failures in a row that open the breaker
     * @param timeout of one call; over it, the call has failed
     * @param reset how long an open breaker refuses before it lets one call through
     */
    public record Limits(int failures, Duration timeout, Duration reset) {}

    private static final Logger LOG = LoggerFactory.getLogger(Breakers.class);

    private final Vertx vertx;
    private final MeterRegistry meters;

    private Breakers(Vertx vertx, MeterRegistry meters) {
        this.vertx = vertx;
        this.meters = meters;
    }

    public static Breakers create(Vertx vertx, MeterRegistry meters) {
        return new Breakers(vertx, meters);
    }

    /** A breaker with this name, which labels its metrics; make one for each thing that can be away by itself. */
    public Breaker named(String name, Limits limits) {
        CircuitBreakerOptions options = new CircuitBreakerOptions()
                .setMaxFailures(limits.failures())
                .setTimeout(limits.timeout().toMillis())
                .setResetTimeout(limits.reset().toMillis())
                .setNotificationAddress(null);
        CircuitBreaker breaker = CircuitBreaker.create(name, vertx, options);
        Counter opened = Counter.builder("materi.breaker.opened")
                .description("Times that the thing was taken to be away")
                .tag("name", name)
                .register(meters);
        breaker.openHandler(v -> {
            opened.increment();
            LOG.warn("{} is taken to be away", name);
        });
        breaker.closeHandler(v -> LOG.info("{} is back", name));
        Gauge.builder("materi.breaker.state", breaker, Breakers::stateNumber)
                .description("0 closed, 1 half open, 2 open")
                .tag("name", name)
                .register(meters);
        return new Breaker(breaker);
    }

    /** Calls through it fail with {@code unavailable} while it is open and with {@code timed_out} over their time. */
    public static final class Breaker {
        private final CircuitBreaker breaker;

        private Breaker(CircuitBreaker breaker) {
            this.breaker = breaker;
        }

        public <T> Future<T> run(Supplier<Future<T>> call) {
            return breaker.execute(call).recover(failure -> Future.failedFuture(translated(failure)));
        }

        /** False while calls are refused. */
        public boolean lets() {
            return breaker.state() != CircuitBreakerState.OPEN;
        }

        private Throwable translated(Throwable failure) {
            if (failure instanceof OpenCircuitException) {
                return Problem.of(ProblemCode.UNAVAILABLE, breaker.name() + " does not answer at present.");
            }
            if (failure instanceof TimeoutException) {
                return Problem.of(ProblemCode.TIMED_OUT, breaker.name() + " did not answer in time.");
            }
            return failure;
        }
    }

    private static double stateNumber(CircuitBreaker breaker) {
        return switch (breaker.state()) {
            case CLOSED -> 0;
            case HALF_OPEN -> 1;
            case OPEN -> 2;
        };
    }
}
