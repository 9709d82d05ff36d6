package ai.materi.collab.room;

import io.vertx.core.Context;
import java.util.concurrent.atomic.AtomicInteger;

/** One event loop of this node, the same object for whoever asks on it. */
public final class EventLoop implements Loop {
    private final Context context;
    private final Thread thread;
    private final AtomicInteger owned = new AtomicInteger();

    EventLoop(Context context, Thread thread) {
        this.context = context;
        this.thread = thread;
    }

    @Override
    public void run(Runnable task) {
        if (isCurrent()) {
            task.run();
        } else {
            post(task);
        }
    }

    @Override
    public void post(Runnable task) {
        context.runOnContext(none -> task.run());
    }

    /** Documents that it owns. */
    int owned() {
        return owned.get();
    }

    void assigned() {
        owned.incrementAndGet();
    }

    /** One of its documents is not live any more. */
    void release() {
        owned.decrementAndGet();
    }

    /** Whether it is what calls. */
    boolean isCurrent() {
        return Thread.currentThread() == thread;
    }
}
