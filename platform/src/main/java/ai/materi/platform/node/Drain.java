package ai.materi.platform.node;

import ai.materi.platform.config.Settings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The orderly end: readiness turns first, then every step runs, in order of its phase, within 10 s altogether. */
public final class Drain {
    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

    /** Of the whole time, what the closing of pools and services needs after the last step. */
    private static final Duration CLOSING = Duration.ofMillis(1500);

    private static final Duration SHORTEST_PHASE = Duration.ofMillis(100);

    /** In this order. */
    public enum Phase {
        /** Tell sockets and streams to go elsewhere. */
        DISMISS,
        /** Finish and commit what was accepted. */
        FLUSH
    }

    private record Step(Phase phase, String name, Supplier<Future<Void>> work) {}

    private final Vertx vertx;
    private final Duration timeout;
    private final Duration notice;
    private final List<Step> steps = new CopyOnWriteArrayList<>();
    private volatile boolean draining;
    private @Nullable Future<Void> running;

    private Drain(Vertx vertx, Duration timeout, Duration notice) {
        this.vertx = vertx;
        this.timeout = timeout;
        this.notice = notice;
    }

    /** From the section {@code drain}. */
    static Drain create(Vertx vertx, Settings drain) {
        Duration timeout = drain.duration("timeout", Duration.ofSeconds(2), Duration.ofSeconds(10));
        return new Drain(vertx, timeout, drain.duration("notice", Duration.ZERO, timeout.minus(CLOSING)));
    }

    public boolean draining() {
        return draining;
    }

    public void register(Phase phase, String name, Supplier<Future<Void>> step) {
        steps.add(new Step(phase, name, step));
    }

    /** Everything together, closing included. */
    Duration timeout() {
        return timeout;
    }

    /** Turns readiness and runs the steps, once; never fails. A step that fails or takes too long is logged and left. */
    synchronized Future<Void> run() {
        if (running == null) {
            draining = true;
            long deadline = System.nanoTime() + timeout.minus(CLOSING).toNanos();
            running = pause().compose(noticed -> phase(Phase.DISMISS, deadline))
                    .compose(dismissed -> phase(Phase.FLUSH, deadline));
        }
        return running;
    }

    private Future<Void> pause() {
        return notice.isZero()
                ? Future.succeededFuture()
                : vertx.timer(notice.toMillis(), TimeUnit.MILLISECONDS).mapEmpty();
    }

    /** The steps of one phase run at the same time; dismissing may take half of the time at most. */
    private Future<Void> phase(Phase phase, long deadline) {
        long left = deadline - System.nanoTime();
        long share = Math.max(SHORTEST_PHASE.toNanos(), phase == Phase.DISMISS ? left / 2 : left);
        List<Future<Void>> running = new ArrayList<>();
        for (Step step : steps) {
            if (step.phase() == phase) {
                running.add(bounded(step, share));
            }
        }
        return running.isEmpty()
                ? Future.succeededFuture()
                : Future.join(running).mapEmpty();
    }

    private static Future<Void> bounded(Step step, long nanos) {
        return begin(step)
                .timeout(nanos, TimeUnit.NANOSECONDS)
                .onFailure(failure -> LOG.warn("{} was cut short: {}", step.name(), failure.toString()))
                .otherwiseEmpty();
    }

    private static Future<Void> begin(Step step) {
        try {
            return step.work().get();
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }
}
