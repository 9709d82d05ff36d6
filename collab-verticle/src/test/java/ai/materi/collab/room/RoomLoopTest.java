package ai.materi.collab.room;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.platform.node.Await;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RoomLoopTest {
    private final Vertx vertx = Vertx.vertx();
    private final EventLoop events = Await.result(Loops.start(vertx, List.of(vertx.getOrCreateContext())))
            .assign();
    private final RoomLoop room = new RoomLoop(events);
    private final RoomLoop neighbour = new RoomLoop(events);
    private final List<String> done = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        Await.result(vertx.close());
    }

    @Test
    void whatComesWhileItIsAwayIsDoneAfterwardsInItsOrder() {
        Promise<String> elsewhere = Promise.promise();
        onLoop(() -> room.awayFor(elsewhere::future, back -> note(back.result())));
        for (int i = 0; i < 50; i++) {
            note(room, "posted " + i);
        }
        onLoop(() -> {
            room.run(() -> note("asked on the loop"));
            note("the loop goes on");
        });
        note(neighbour, "so does its neighbour");
        settle();

        assertThat(done).containsExactly("the loop goes on", "so does its neighbour");
        done.clear();
        elsewhere.complete("back");
        note(room, "later");

        Await.until("everything is done", () -> done.size() == 53);
        List<String> expected = new ArrayList<>(List.of("back"));
        for (int i = 0; i < 50; i++) {
            expected.add("posted " + i);
        }
        expected.add("asked on the loop");
        expected.add("later");
        assertThat(done).containsExactlyElementsOf(expected);
    }

    @Test
    void whatTheSameTurnHasLeftToDoGoesAheadOfWhatOthersWaitFor() {
        Promise<String> first = Promise.promise();
        Promise<String> second = Promise.promise();
        onLoop(() -> room.run(() -> {
            room.awayFor(first::future, back -> note(back.result()));
            room.run(() -> room.awayFor(second::future, back -> note(back.result())));
            room.run(() -> note("the rest of the turn"));
        }));
        note(room, "somebody else");
        onLoop(() -> room.run(() -> note("and another")));

        first.complete("first");
        second.complete("second");

        Await.until("everything is done", () -> done.size() == 5);
        assertThat(done).containsExactly("first", "second", "the rest of the turn", "somebody else", "and another");
    }

    @Test
    void whatWaitedMayHaveItGoAwayAgain() {
        Promise<String> first = Promise.promise();
        Promise<String> second = Promise.promise();
        onLoop(() -> room.awayFor(first::future, back -> note(back.result())));
        room.post(() -> room.awayFor(second::future, back -> note(back.result())));
        note(room, "last");

        first.complete("first");
        settle();
        assertThat(done).containsExactly("first");
        second.complete("second");

        Await.until("everything is done", () -> done.size() == 3);
        assertThat(done).containsExactly("first", "second", "last");
    }

    @Test
    void whatFailsElsewhereOrInItsTurnKeepsNobodyElseFromTheirs() {
        onLoop(() -> room.awayFor(() -> Future.failedFuture("broken"), back -> {
            note(back.cause().getMessage());
            throw new IllegalStateException("on purpose");
        }));
        room.post(() -> {
            throw new IllegalStateException("on purpose, too");
        });
        note(room, "next");

        Await.until("everything is done", () -> done.size() == 2);
        assertThat(done).containsExactly("broken", "next");
    }

    @Test
    void whatNeedsTheDocumentWaitsForItAndItsFailureIsTold() {
        Promise<String> elsewhere = Promise.promise();
        Promise<String> worked = Promise.promise();
        Promise<String> failed = Promise.promise();
        onLoop(() -> {
            room.awayFor(elsewhere::future, back -> note(back.result()));
            room.whenHere(() -> {
                        note("here");
                        return Future.succeededFuture("worked");
                    })
                    .onComplete(worked);
            room.<String>whenHere(() -> {
                        throw new IllegalStateException("broken");
                    })
                    .onComplete(failed);
            note("the turn goes on");
        });
        elsewhere.complete("back");

        assertThat(Await.result(worked.future())).isEqualTo("worked");
        assertThat(Await.failure(failed.future())).hasMessage("broken");
        assertThat(done).containsExactly("the turn goes on", "back", "here");
    }

    @Test
    void whatIsAskedWithinItsTurnIsDoneAtOnce() {
        room.post(() -> {
            room.run(() -> note("within"));
            note("after");
        });

        Await.until("everything is done", () -> done.size() == 2);
        assertThat(done).containsExactly("within", "after");
    }

    @Test
    void itIsInOnePlaceAtATime() {
        Promise<Throwable> refusal = Promise.promise();
        onLoop(() -> {
            room.awayFor(Promise.promise()::future, back -> {});
            try {
                room.awayFor(Promise.promise()::future, back -> {});
                refusal.complete(null);
            } catch (IllegalStateException refused) {
                refusal.complete(refused);
            }
        });

        assertThat(Await.result(refusal.future())).hasMessageContaining("away");
    }

    private void note(String what) {
        done.add(what);
    }

    private void onLoop(Runnable task) {
        Promise<Void> ran = Promise.promise();
        events.post(() -> {
            try {
                task.run();
            } finally {
                ran.complete();
            }
        });
        Await.result(ran.future());
    }

    private void note(Loop loop, String what) {
        loop.post(() -> note(what));
    }

    /** Everything that was posted so far has had its turn, or waits. */
    private void settle() {
        onLoop(() -> {});
        onLoop(() -> {});
    }
}
