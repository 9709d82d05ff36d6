package ai.materi.collab.cluster;

import ai.materi.platform.node.Await;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.util.concurrent.CountDownLatch;

/** Holds all event loops of a node: it reads nothing from the wire and says nothing, as if its process were stopped. */
final class Pause {
    private static final int LOOPS = VertxOptions.DEFAULT_EVENT_LOOP_POOL_SIZE;

    private final CountDownLatch held = new CountDownLatch(LOOPS);
    private final CountDownLatch end = new CountDownLatch(1);

    private Pause() {}

    /** Runs an action while the node is paused. */
    static void during(Vertx vertx, Runnable action) {
        Pause pause = new Pause();
        for (int i = 0; i < LOOPS; i++) {
            // Loops are dealt out in turn.
            ((VertxInternal) vertx).createEventLoopContext().runOnContext(none -> pause.hold());
        }
        try {
            Await.until("all loops are held", () -> pause.held.getCount() == 0);
            action.run();
        } finally {
            pause.end.countDown();
        }
    }

    private void hold() {
        held.countDown();
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
