package ai.materi.collab.room;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.collab.frame.SharedFrame;
import ai.materi.collab.frame.SharedState;
import ai.materi.platform.call.Principal;
import ai.materi.platform.node.Await;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A frame for a thousand peers leaves the loop room for other things, and edits overtake presence. */
@Timeout(30)
class ReceiversTest {
    private final Vertx vertx = Vertx.vertx();
    private final Loop loop = Await.result(Loops.start(vertx, List.of(vertx.getOrCreateContext())))
            .assign();
    private final Receivers receivers = new Receivers(loop);
    private final List<Recorder> peers =
            IntStream.range(0, 1_000).mapToObj(i -> new Recorder()).toList();
    private final List<String> order = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void close() {
        Await.result(vertx.close());
    }

    @Test
    void deliversEverythingToEverybodyInOrder() {
        onLoop(() -> {
            peers.forEach(receivers::add);
            for (int i = 0; i < 5; i++) {
                receivers.deliver(frame("edit " + i), peers.get(i), () -> order.add("delivered"));
            }
        });

        Recorder last = peers.get(999);
        Await.until("the last peer has all", () -> last.seen.size() == 5 && order.size() == 5);
        assertThat(last.seen).containsExactly("edit 0", "edit 1", "edit 2", "edit 3", "edit 4");
        assertThat(order).containsOnly("delivered").hasSize(5);
        assertThat(peers.get(3).seen).containsExactly("edit 0", "edit 1", "edit 2", "edit 4");
    }

    @Test
    void letsOtherTasksInBetweenAndEditsOvertakePresence() {
        Recorder last = peers.get(999);
        onLoop(() -> {
            peers.forEach(receivers::add);
            receivers.deliverPresence(frame("presence"));
            receivers.deliver(frame("edit"), null, () -> order.add("delivered, after " + last.seen.size()));
            loop.post(() -> order.add("other, after " + last.seen.size()));
        });

        Await.until("the last peer has both", () -> last.seen.size() == 2);
        assertThat(last.seen).containsExactly("edit", "presence");
        assertThat(order).containsExactly("other, after 0", "delivered, after 1");
    }

    @Test
    void givesOneWhoComesMeanwhileOnlyWhatFollows() {
        Recorder late = new Recorder();
        onLoop(() -> {
            peers.forEach(receivers::add);
            receivers.deliver(frame("before"), null, () -> {});
            receivers.add(late);
            receivers.deliver(frame("after"), null, () -> {});
        });

        Await.until("the last one has it", () -> !late.seen.isEmpty());
        assertThat(late.seen).containsExactly("after");
    }

    private void onLoop(Runnable task) {
        Promise<Void> done = Promise.promise();
        loop.post(() -> {
            task.run();
            done.complete();
        });
        Await.result(done.future());
    }

    private static SharedFrame frame(String text) {
        return new SharedFrame(Buffer.buffer(text), "");
    }

    /** Keeps what it is told. */
    private final class Recorder implements Peer {
        private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

        @Override
        public Loop loop() {
            return loop;
        }

        @Override
        public Wire wire() {
            return Wire.Y_WEBSOCKET;
        }

        @Override
        public void deliver(SharedFrame frame) {
            seen.add(frame.message().toString());
        }

        @Override
        public void deliver(SharedState state) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void scope(boolean writes) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void end(Ending ending) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Principal principal() {
            throw new UnsupportedOperationException();
        }

        @Override
        public String token() {
            throw new UnsupportedOperationException();
        }
    }
}
