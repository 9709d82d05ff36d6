package ai.materi.collab.room;

import ai.materi.collab.frame.SharedState;
import ai.materi.crdt.Doc;
import ai.materi.crdt.StateVector;
import ai.materi.crdt.Updates;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The document of a room, as large as it may become, and its encoded states that are kept. A small document is encoded where
 * it stands; a large one a portion at a time, so that nobody on its loop has to wait for that.
 */
final class LiveDocument {
    /** From so many bytes on a document is large. */
    static final int LARGE = 256 * 1024;

    private static final Object FROM_LOG = new Object();

    private final Doc doc;
    private final int maxBytes;
    private final Consumer<byte[]> readFromLog;
    private final Encodings encodings;
    private final LargeState large;
    private final Resyncs resyncs = new Resyncs();
    private final List<byte[]> gathered = new ArrayList<>();
    private @Nullable EncodedState encoded;
    private long bytes;
    private long measured;

    /** Whether an edit would make it too large. */
    enum Fit {
        FITS,
        TOO_LARGE,
        /** It may, and is being measured. */
        UNKNOWN
    }

    /** @param readFromLog is told what updates of the log changed */
    LiveDocument(LoadedDocument loaded, Loop loop, int maxBytes, Consumer<byte[]> readFromLog) {
        this.doc = loaded.doc();
        this.bytes = loaded.bytes();
        this.measured = loaded.state() == null ? 0 : bytes;
        this.maxBytes = maxBytes;
        this.readFromLog = readFromLog;
        this.encodings = new Encodings(loop);
        this.large = new LargeState(doc, encodings, loaded.state());
        doc.onUpdate((update, origin, local) -> changed(update, origin));
    }

    Doc doc() {
        return doc;
    }

    /** Roughly: what was loaded or encoded, and what was added since. */
    long bytes() {
        return bytes;
    }

    void grew(int by) {
        bytes += by;
        if (isLarge() && bytes > maxBytes - maxBytes / 16 && isMeasuredLongAgo()) {
            newcomers();
        }
    }

    Fit fit(int more) {
        if (bytes + more <= maxBytes) {
            return Fit.FITS;
        }
        if (!isLarge()) {
            bytes = small().bytes().length;
            return bytes + more > maxBytes ? Fit.TOO_LARGE : Fit.FITS;
        }
        if (isMeasuredLongAgo()) {
            newcomers();
            return Fit.UNKNOWN;
        }
        return Fit.TOO_LARGE;
    }

    void takeFromLog(byte[] update) {
        doc.applyUpdate(update, FROM_LOG);
        waits(update);
    }

    void takeSnapshot(byte[] snapshot) {
        doc.applyUpdate(snapshot, FROM_LOG, Integer.MAX_VALUE);
        waits(snapshot);
    }

    /** Something of the update may wait for what it builds on: whoever is told of changes since needs all of it. */
    void waits(byte[] update) {
        if (doc.hasPending()) {
            encoded = null;
            large.changed(update);
        }
    }

    boolean isLarge() {
        return bytes >= LARGE;
    }

    /** All of it at the moment of completion, which is on the loop, and at once if possible. */
    Future<EncodedState> encoded() {
        EncodedState known = encoded;
        if (known != null) {
            return Future.succeededFuture(known);
        }
        if (!isLarge()) {
            return Future.succeededFuture(small());
        }
        return newcomers().map(state -> {
            EncodedState made = EncodedState.of(state, large.since());
            encoded = made;
            return made;
        });
    }

    /** All of it while it is small. */
    EncodedState small() {
        EncodedState known = encoded;
        if (known == null) {
            known = EncodedState.of(doc.encodeState());
            encoded = known;
        }
        return known;
    }

    /** The state for all newcomers while it is large; {@link #changedSince} goes ahead of it. Completes on the loop. */
    Future<SharedState> newcomers() {
        return large.get().onSuccess(state -> {
            bytes = state.size() + large.bytesSince();
            measured = bytes;
        });
    }

    List<byte[]> changedSince() {
        return large.since();
    }

    /**
     * What somebody lacks while it is large.
     *
     * @param wanted whether still, when its turn comes
     */
    Future<Optional<SharedState>> difference(StateVector known, BooleanSupplier wanted) {
        return encodings.encode(
                () -> wanted.getAsBoolean() ? Optional.of(doc.encodeGradually(known)) : Optional.empty());
    }

    /** What somebody lacks who was too slow, and has this much, while it is large; unless {@link #isMissedByTooMany}. */
    Future<Optional<SharedState>> missed(StateVector known) {
        return resyncs.of(known, () -> difference(known, () -> true));
    }

    /** Whether so many such differences are in memory that the newcomers' state has to do. */
    boolean isMissedByTooMany(StateVector known) {
        return resyncs.isFull(known);
    }

    /** Called every few seconds. */
    void tick() {
        large.tick();
        if (isLarge()) {
            encoded = null;
        }
    }

    /** What transactions change from now on is gathered. */
    void gather() {
        gathered.clear();
    }

    /** What the last transactions changed, as one update; null when nothing did. */
    byte @Nullable [] gathered() {
        byte[] all = gathered.isEmpty() ? null : Updates.merge(List.copyOf(gathered));
        gathered.clear();
        return all;
    }

    private boolean isMeasuredLongAgo() {
        return bytes - measured > maxBytes / 32;
    }

    private void changed(byte[] update, @Nullable Object origin) {
        encoded = null;
        resyncs.changed();
        large.changed(update);
        if (origin == FROM_LOG) {
            bytes += update.length;
            readFromLog.accept(update);
        } else {
            gathered.add(update);
        }
    }
}
