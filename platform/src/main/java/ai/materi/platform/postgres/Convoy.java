package ai.materi.platform.postgres;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import io.vertx.pgclient.PgException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Questions that wait at the same time travel in one statement: half of what a small statement costs is its own transaction and
 * its own messages. An event loop has a few statements under way; what comes meanwhile goes with the next, so that a question
 * on an idle node waits for nobody, and under load the batches grow by themselves, up to {@value #MOST}.
 *
 * <p>A statement that fails for what is in it (a {@link PgException}, not a database that is away) is carried out again for
 * each question alone: nothing of it was committed, and whoever is not to blame must not bear it.
 *
 * @param <Q> a question, which brings its own user; the statement sets it before it answers
 * @param <A> its answer
 */
public final class Convoy<Q, A> {
    private static final int MOST = 64;
    private static final int MAX_WAITING = 8192;
    private static final int READS = 2;
    private static final long GATHER_MILLIS = 2;

    private record Waiting<Q, A>(Q question, Promise<A> answer) {}

    /** What waits on one event loop, touched by its thread alone. */
    private static final class Lane<Q, A> {
        final ArrayDeque<Waiting<Q, A>> queue = new ArrayDeque<>();
        int underWay;
    }

    private final int flights;
    private final long gatherMillis;
    private final Function<List<Q>, Future<List<A>>> statement;
    private final Map<Thread, Lane<Q, A>> lanes = new ConcurrentHashMap<>();

    /**
     * For questions that only read: {@value #READS} statements of an event loop are under way at once.
     *
     * @param statement one statement for 1 to {@value #MOST} questions; answers each at its place, or fails having done nothing
     */
    public static <Q, A> Convoy<Q, A> ofReads(Function<List<Q>, Future<List<A>>> statement) {
        return new Convoy<>(READS, 0, statement);
    }

    /**
     * For questions that commit something, which costs more than what is committed: one statement of an event loop is under
     * way at a time, and the next leaves {@value #GATHER_MILLIS} ms after it has arrived, with all that came until then.
     *
     * @param statement as for reads, in one transaction
     */
    public static <Q, A> Convoy<Q, A> ofWrites(Function<List<Q>, Future<List<A>>> statement) {
        return new Convoy<>(1, GATHER_MILLIS, statement);
    }

    private Convoy(int flights, long gatherMillis, Function<List<Q>, Future<List<A>>> statement) {
        this.flights = flights;
        this.gatherMillis = gatherMillis;
        this.statement = statement;
    }

    /** Fails with {@code overloaded} when {@value #MAX_WAITING} wait already, else as the statement fails. */
    public Future<A> ask(Q question) {
        Lane<Q, A> lane = lanes.computeIfAbsent(Thread.currentThread(), thread -> new Lane<>());
        if (lane.queue.size() >= MAX_WAITING) {
            return Future.failedFuture(Problem.of(ProblemCode.OVERLOADED, "Too many requests wait for the database."));
        }
        Promise<A> answer = ContextInternal.current().promise();
        lane.queue.add(new Waiting<>(question, answer));
        send(lane);
        return answer.future();
    }

    private void send(Lane<Q, A> lane) {
        if (lane.underWay == flights || lane.queue.isEmpty()) {
            return;
        }
        lane.underWay++;
        List<Waiting<Q, A>> batch = new ArrayList<>(Math.min(MOST, lane.queue.size()));
        while (batch.size() < MOST && !lane.queue.isEmpty()) {
            batch.add(lane.queue.remove());
        }
        carry(batch).onComplete(arrived -> {
            if (gatherMillis == 0) {
                land(lane);
            } else {
                ContextInternal.current().owner().setTimer(gatherMillis, gathered -> land(lane));
            }
        });
    }

    private void land(Lane<Q, A> lane) {
        lane.underWay--;
        send(lane);
    }

    private Future<?> carry(List<Waiting<Q, A>> batch) {
        return Future.succeededFuture(batch.stream().map(Waiting::question).toList())
                .compose(statement)
                .onSuccess(answers -> {
                    for (int i = 0; i < batch.size(); i++) {
                        batch.get(i).answer().complete(answers.get(i));
                    }
                })
                .recover(failure -> {
                    if (failure instanceof PgException && batch.size() > 1) {
                        return Future.join(batch.stream()
                                        .map(waiting -> carry(List.of(waiting)))
                                        .toList())
                                .mapEmpty();
                    }
                    batch.forEach(waiting -> waiting.answer().fail(failure));
                    return Future.failedFuture(failure);
                });
    }
}
