package ai.materi.platform.node;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/** One direction of one connection of a {@link Cable}: bytes in their order, each chunk when it is due. */
final class Flow {
    private record Chunk(Buffer bytes, long dueNanos) {}

    private final Vertx vertx;
    private final Context context;
    private final Cable cable;
    private final NetSocket to;
    private final boolean answers;
    private final ArrayDeque<Chunk> chunks = new ArrayDeque<>();
    private boolean ended;
    private boolean waiting;

    /**
     * Runs in the current context.
     *
     * @param answers whether it comes from the server
     */
    Flow(Vertx vertx, Cable cable, NetSocket to, boolean answers) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.cable = cable;
        this.to = to;
        this.answers = answers;
    }

    void add(Buffer bytes) {
        chunks.add(new Chunk(bytes, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(cable.delayMillis())));
        pass();
    }

    /** Nothing more comes: hangs up behind what is on its way; what is held is lost. */
    void end() {
        ended = true;
        pass();
    }

    /** The cable's condition has changed. */
    void wake() {
        context.runOnContext(now -> pass());
    }

    /** Says something that nobody sent, to the server. */
    void garble(Buffer bytes) {
        if (!answers) {
            context.runOnContext(now -> to.write(bytes));
        }
    }

    private boolean held() {
        return answers && cable.holdsAnswers();
    }

    private void pass() {
        while (!chunks.isEmpty() && !held()) {
            long wait = chunks.element().dueNanos() - System.nanoTime();
            if (wait > 0) {
                passLater(wait);
                return;
            }
            to.write(chunks.remove().bytes());
        }
        if (ended) {
            to.close();
        }
    }

    private void passLater(long nanos) {
        if (!waiting) {
            waiting = true;
            vertx.setTimer(TimeUnit.NANOSECONDS.toMillis(nanos) + 1, due -> {
                waiting = false;
                pass();
            });
        }
    }
}
