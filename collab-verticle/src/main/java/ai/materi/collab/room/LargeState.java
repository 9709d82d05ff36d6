package ai.materi.collab.room;

import ai.materi.collab.frame.SharedState;
import ai.materi.crdt.Doc;
import ai.materi.crdt.GradualState;
import ai.materi.crdt.StateVector;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The encoded state of a large document for all who have nothing of it, and what changed since it was encoded. The changes
 * go ahead of it: a client keeps them until the state brings what they build on, and has all of it in the same moment. So
 * an edit between two joins costs the second one an update, not another walk over the document. When many have gathered,
 * the state is encoded anew while the old one still serves.
 */
final class LargeState {
    private static final int MANY_UPDATES = 2_000;
    private static final int MANY_BYTES_SHARE = 16;
    /** So many times more, and the old one serves no longer. */
    private static final int TOO_MANY = 4;

    private final Doc doc;
    private final Encodings encodings;
    private @Nullable SharedState state;
    private Tail since = new Tail();
    /** Since the encoding began that is under way. */
    private @Nullable Tail next;

    private @Nullable Promise<SharedState> making;
    private boolean asked = true;

    /** @param loaded what the document was just encoded to; null when it was not */
    LargeState(Doc doc, Encodings encodings, @Nullable SharedState loaded) {
        this.doc = doc;
        this.encodings = encodings;
        this.state = loaded;
    }

    /** Completes on the loop: at once, where there is one. */
    Future<SharedState> get() {
        asked = true;
        SharedState there = state;
        if (there == null) {
            return make();
        }
        if (isOver(there, 1)) {
            make();
        }
        return Future.succeededFuture(there);
    }

    /** What changed since that was encoded, as a few updates. */
    List<byte[]> since() {
        return since.read();
    }

    long bytesSince() {
        return since.bytes();
    }

    void changed(byte[] update) {
        if (state != null) {
            since.add(update);
        }
        if (next != null) {
            next.add(update);
        }
        if (state != null && isOver(state, TOO_MANY)) {
            forget();
        }
    }

    /** Called every few seconds: what nobody asked for meanwhile leaves memory. */
    void tick() {
        if (!asked && making == null) {
            forget();
        }
        asked = false;
    }

    void forget() {
        state = null;
        since = new Tail();
    }

    private boolean isOver(SharedState encoded, int times) {
        return since.unread() > times * MANY_UPDATES
                || since.bytes() > (long) times * encoded.size() / MANY_BYTES_SHARE;
    }

    private Future<SharedState> make() {
        Promise<SharedState> under = making;
        if (under != null) {
            return under.future();
        }
        Promise<SharedState> promise = Promise.promise();
        making = promise;
        encodings.encode(() -> Optional.of(begin())).map(Optional::orElseThrow).onComplete(made -> {
            Tail tail = next;
            making = null;
            next = null;
            if (made.succeeded() && tail != null) {
                state = made.result();
                since = tail;
            }
            promise.handle(made);
        });
        return promise.future();
    }

    private GradualState begin() {
        GradualState gradual = doc.encodeGradually(StateVector.EMPTY);
        Tail tail = new Tail();
        gradual.waiting().forEach(tail::add);
        next = tail;
        return gradual;
    }
}
