package ai.materi.collab.room;

import ai.materi.collab.frame.SharedState;
import ai.materi.crdt.GradualState;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Encodes what is asked of a large document, one after the other, and of each a portion a turn of the loop. */
final class Encodings {
    /** A few milliseconds. */
    private static final int STRUCTS_A_TURN = 20_000;

    private static final int BYTES_A_TURN = 2 << 20;

    private final Loop loop;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private boolean working;

    Encodings(Loop loop) {
        this.loop = loop;
    }

    /**
     * Completes on the loop.
     *
     * @param begin is called when it is its turn; empty when nobody needs it any more
     */
    Future<Optional<SharedState>> encode(Supplier<Optional<GradualState>> begin) {
        Promise<Optional<SharedState>> promise = Promise.promise();
        waiting.add(() -> guarded(promise, () -> begin(begin.get(), promise)));
        if (!working) {
            working = true;
            next();
        }
        return promise.future();
    }

    private void next() {
        Runnable encoding = waiting.poll();
        working = encoding != null;
        if (encoding != null) {
            loop.post(encoding);
        }
    }

    private void begin(Optional<GradualState> state, Promise<Optional<SharedState>> promise) {
        if (state.isPresent()) {
            encodeOn(state.get(), promise);
        } else {
            finish(promise, Optional.empty());
        }
    }

    private void encodeOn(GradualState state, Promise<Optional<SharedState>> promise) {
        if (state.next(STRUCTS_A_TURN)) {
            List<byte[]> parts = state.parts();
            long size = parts.stream().mapToLong(part -> part.length).sum();
            loop.post(() -> guarded(promise, () -> copyOn(parts.iterator(), new SharedState.Copy(size), promise)));
        } else {
            loop.post(() -> guarded(promise, () -> encodeOn(state, promise)));
        }
    }

    private void copyOn(Iterator<byte[]> parts, SharedState.Copy copy, Promise<Optional<SharedState>> promise) {
        for (int copied = 0; copied < BYTES_A_TURN && parts.hasNext(); ) {
            byte[] part = parts.next();
            copy.add(part);
            copied += part.length;
        }
        if (parts.hasNext()) {
            loop.post(() -> guarded(promise, () -> copyOn(parts, copy, promise)));
        } else {
            finish(promise, Optional.of(copy.whole()));
        }
    }

    private void finish(Promise<Optional<SharedState>> promise, Optional<SharedState> state) {
        next();
        promise.complete(state);
    }

    private void guarded(Promise<Optional<SharedState>> promise, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException defect) {
            next();
            promise.fail(defect);
        }
    }
}
