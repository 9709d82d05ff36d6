package ai.materi.collab.service;

import ai.materi.collab.room.Loop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.PromiseInternal;
import java.util.function.Supplier;

/** From one event loop to another and back. */
final class Hop {
    private Hop() {}

    /** Does the work on a loop; the result arrives there. */
    static <T> Future<T> onto(Loop loop, Supplier<Future<T>> work) {
        Promise<T> promise = Promise.promise();
        loop.run(() -> started(work).onComplete(promise));
        return promise.future();
    }

    /** The result arrives in the context of the current call, so that whatever follows still runs on its behalf. */
    static <T> Future<T> back(Supplier<Future<T>> work) {
        ContextInternal context = ContextInternal.current();
        if (context == null) {
            return started(work);
        }
        PromiseInternal<T> promise = context.promise();
        started(work).onComplete(promise);
        return promise.future();
    }

    private static <T> Future<T> started(Supplier<Future<T>> work) {
        try {
            return work.get();
        } catch (RuntimeException failure) {
            return Future.failedFuture(failure);
        }
    }
}
