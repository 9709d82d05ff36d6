package ai.materi.collab.room;

import io.vertx.core.Context;

/** One event loop of this node, the same object for whoever asks on it. */
public final class Loop {
    private final Context context;
    private final Thread thread;

    Loop(Context context, Thread thread) {
        this.context = context;
        this.thread = thread;
    }

    /** Now, when called on this loop; else in its turn. Calls from one thread keep their order. */
    public void run(Runnable task) {
        if (Thread.currentThread() == thread) {
            task.run();
        } else {
            post(task);
        }
    }

    /** In its turn, even when called on this loop. */
    public void post(Runnable task) {
        context.runOnContext(none -> task.run());
    }
}
