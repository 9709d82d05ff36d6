package ai.materi.collab.room;

import io.vertx.core.Context;

/** One event loop of this node, the same object for whoever asks on it. */
public final class EventLoop implements Loop {
    private final Context context;
    private final Thread thread;

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

    /** Whether it is what calls. */
    boolean isCurrent() {
        return Thread.currentThread() == thread;
    }
}
