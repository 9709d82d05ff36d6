package ai.materi.collab.room;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A room's own turns of the event loop that owns it. They stand still while a worker has the room's document, which is how
 * work that is too long for an event loop is done in the middle of a room's life: for the room it is as if no time had
 * passed, and the other rooms of the loop go on.
 *
 * <p>{@link #run} and {@link #post} may be called on any thread, everything else on the event loop.
 */
final class RoomLoop implements Loop {
    private final EventLoop loop;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>(0);
    /** What the turn that went away has left to do: it goes ahead of what others wait for. */
    private final ArrayDeque<Runnable> rest = new ArrayDeque<>(0);

    private boolean away;
    private boolean working;

    RoomLoop(EventLoop loop) {
        this.loop = loop;
    }

    @Override
    public void run(Runnable task) {
        if (loop.isCurrent() && !away && (working || waiting.isEmpty())) {
            work(task);
        } else {
            post(task);
        }
    }

    @Override
    public void post(Runnable task) {
        if (loop.isCurrent() && (away || !waiting.isEmpty())) {
            (working && away ? rest : waiting).add(task);
        } else {
            loop.post(() -> {
                if (away || !waiting.isEmpty()) {
                    waiting.add(task);
                } else {
                    work(task);
                }
            });
        }
    }

    /** Whether a worker has the document. */
    boolean isAway() {
        return away;
    }

    /** Does something that needs the document: now, or in its turn once that is back. Called on the room's loop. */
    <T> Future<T> whenHere(Supplier<Future<T>> work) {
        if (!away) {
            return work.get();
        }
        Promise<T> promise = Promise.promise();
        post(() -> Future.succeededFuture().compose(now -> work.get()).onComplete(promise));
        return promise.future();
    }

    /**
     * Stands still until something is done elsewhere. Whoever calls this has nothing more to do with the document in this turn.
     *
     * @param then is run first of all, in the room's turn
     */
    <T> void awayFor(Supplier<Future<T>> elsewhere, Consumer<AsyncResult<T>> then) {
        if (away) {
            throw new IllegalStateException("the room is away already");
        }
        away = true;
        Future.succeededFuture()
                .compose(now -> elsewhere.get())
                .onComplete(done -> loop.run(() -> {
                    away = false;
                    loop.post(this::goOn);
                    work(() -> then.accept(done));
                }));
    }

    /** What has waited goes on, one task a turn. */
    private void goOn() {
        Runnable task = away ? null : waiting.poll();
        if (task != null) {
            loop.post(this::goOn);
            work(task);
        }
    }

    private void work(Runnable task) {
        boolean outer = working;
        working = true;
        try {
            task.run();
        } finally {
            working = outer;
            while (!outer && !rest.isEmpty()) {
                waiting.addFirst(rest.removeLast());
            }
        }
    }
}
