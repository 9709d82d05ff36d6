package ai.materi.ai.generation;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.ai.v1.Generation;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** The runs of this node: bounded altogether and a user, ended when they take too long, remembered for a while after. */
public final class Generations {
    private final Vertx vertx;
    private final int atOnce;
    private final int atOncePerUser;
    private final Duration longestRun;
    private final Duration keepEnded;
    private final Map<String, Run> runs = new ConcurrentHashMap<>();

    public Generations(Vertx vertx, int atOnce, int atOncePerUser, Duration longestRun, Duration keepEnded) {
        this.vertx = vertx;
        this.atOnce = atOnce;
        this.atOncePerUser = atOncePerUser;
        this.longestRun = longestRun;
        this.keepEnded = keepEnded;
    }

    /** Fails with {@code overloaded} (the node) or {@code rate_limited} (the user). */
    Future<Void> admit(UUID user) {
        List<Run> running =
                runs.values().stream().filter(run -> !run.over().isComplete()).toList();
        if (running.size() >= atOnce) {
            return Future.failedFuture(
                    Problem.of(ProblemCode.OVERLOADED, "Too many generations are running; try again in a moment."));
        }
        if (running.stream().filter(run -> run.user().equals(user)).count() >= atOncePerUser) {
            return Future.failedFuture(Problem.of(
                    ProblemCode.RATE_LIMITED, "At most " + atOncePerUser + " of your generations run at once."));
        }
        return Future.succeededFuture();
    }

    void add(Run run) {
        String id = run.generation().getId();
        runs.put(id, run);
        long bound = vertx.setTimer(
                longestRun.toMillis(),
                timer -> run.failed(
                        Problem.of(ProblemCode.TIMED_OUT, "It took longer than " + longestRun.toSeconds() + " s.")));
        run.over().onComplete(over -> {
            vertx.cancelTimer(bound);
            vertx.setTimer(keepEnded.toMillis(), timer -> runs.remove(id));
        });
    }

    /** A run of this user that this node still remembers. */
    Optional<Run> find(UUID user, String id) {
        return Optional.ofNullable(runs.get(id)).filter(run -> run.user().equals(user));
    }

    /** {@code materi.ai.generations.running}. */
    public void observe(MeterRegistry meters) {
        Gauge.builder("materi.ai.generations.running", this, Generations::running)
                .description("Generations that run on this node")
                .register(meters);
    }

    private int running() {
        return (int)
                runs.values().stream().filter(run -> !run.over().isComplete()).count();
    }

    /** Ends what still runs, as cancelled. */
    public Future<Void> cancelAll() {
        List<Future<Generation>> ends = runs.values().stream()
                .filter(run -> !run.over().isComplete())
                .map(Run::cancel)
                .toList();
        return Future.join(ends).mapEmpty();
    }
}
