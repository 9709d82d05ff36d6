package ai.materi.collab.wire;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.collab.room.Loop;
import ai.materi.collab.room.Loops;
import ai.materi.platform.node.Await;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Big messages leave a few at a time, and nobody who reads slowly keeps others from it. */
@Timeout(30)
class DeparturesTest {
    private static final List<Integer> ALL = IntStream.range(0, 100).boxed().toList();

    private final Vertx vertx = Vertx.vertx();
    private final Loop loop = Await.result(Loops.start(vertx, List.of(vertx.getOrCreateContext())))
            .assign();
    private final Departures departures = new Departures(vertx, loop);
    private final List<Integer> begun = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void close() {
        Await.result(vertx.close());
    }

    @Test
    void beginsAFewAtOnceAndTheNextWhenOneIsGone() {
        List<Runnable> gone = new ArrayList<>();
        List<Integer> first = new ArrayList<>();
        onLoop(() -> {
            ALL.forEach(message -> departures.depart(written -> {
                begun.add(message);
                gone.add(written);
            }));
            first.addAll(begun);
        });

        onLoop(() -> List.copyOf(gone).forEach(Runnable::run));

        assertThat(first).containsExactly(0, 1);
        Await.until("the next ones have begun", () -> begun.size() >= 4);
        assertThat(List.copyOf(begun).subList(0, 4)).isEqualTo(ALL.subList(0, 4));
    }

    @Test
    void countsOneThatIsGoneOnce() {
        onLoop(() -> ALL.forEach(message -> departures.depart(written -> {
            begun.add(message);
            written.run();
            written.run();
        })));

        Await.until("all have begun", () -> begun.size() == ALL.size());
        assertThat(begun).isEqualTo(ALL);
    }

    @Test
    void doesNotWaitForThoseWhoNeverFinish() {
        onLoop(() -> ALL.subList(0, 12).forEach(message -> departures.depart(written -> begun.add(message))));

        Await.until("all have begun", () -> begun.size() == 12);
        assertThat(begun).isEqualTo(ALL.subList(0, 12));
    }

    private void onLoop(Runnable task) {
        Promise<Void> done = Promise.promise();
        loop.post(() -> {
            task.run();
            done.complete();
        });
        Await.result(done.future());
    }
}
