package ai.materi.collab.room;

import ai.materi.collab.frame.SharedState;
import ai.materi.crdt.Doc;
import ai.materi.crdt.MalformedUpdateException;
import ai.materi.crdt.StateVector;
import ai.materi.crdt.Updates;
import ai.materi.platform.node.Workers;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The document of a room, as large as it may become, and its encoded states that are kept. A small document is encoded where
 * it stands; a large one a portion at a time, so that nobody on its loop has to wait for that.
 */
final class LiveDocument {
    /** From so many bytes on a document is large. */
    static final int LARGE = 256 * 1024;

    /** An update of so many bytes, or that may touch so many structs, takes milliseconds. */
    private static final int LONG_UPDATE = 64 * 1024;

    private static final int MANY_STRUCTS = 20_000;

    private final Doc doc;
    private final RoomLoop loop;
    private final Workers.Pool workers;
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
    LiveDocument(
            LoadedDocument loaded, RoomLoop loop, Workers.Pool workers, int maxBytes, Consumer<byte[]> readFromLog) {
        this.doc = loaded.doc();
        this.loop = loop;
        this.workers = workers;
        this.bytes = loaded.bytes();
        this.measured = loaded.state() == null ? 0 : bytes;
        this.maxBytes = maxBytes;
        this.readFromLog = readFromLog;
        this.encodings = new Encodings(loop);
        this.large = new LargeState(doc, encodings, loaded.state());
        doc.onUpdate((update, origin, local) -> changed(update));
        doc.compactsWhenAsked(true);
    }

    /** On the room's loop while that is here; else {@code IllegalStateException}. */
    Doc doc() {
        if (isAway()) {
            throw new IllegalStateException("a worker has the document");
        }
        return doc;
    }

    /** Whether a worker has it; what is posted to the room's loop waits until it is back. */
    boolean isAway() {
        return loop.isAway();
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

    /** Whether to take in an update is too long for an event loop. */
    boolean isLong(byte[] update) {
        return update.length >= LONG_UPDATE
                || (doc().structCount() >= MANY_STRUCTS && deletedUnits(update) >= MANY_STRUCTS);
    }

    private static long deletedUnits(byte[] update) {
        long[] units = {0};
        try {
            Updates.forEachDeletion(update, (client, clock, length) -> units[0] += length);
        } catch (MalformedUpdateException malformed) {
            return 0; // whoever takes it in is told so
        }
        return units[0];
    }

    /**
     * Changes the document here or, where that would hold the loop, on a worker while the room stands still; whoever calls it
     * then has nothing more to do with the document in this turn.
     *
     * @param then is told in the room's turn how it went; what it changed is {@link #gathered}
     */
    <T> void change(boolean longWork, Function<Doc, T> work, Consumer<AsyncResult<T>> then) {
        gathered.clear();
        if (longWork) {
            loop.awayFor(() -> elsewhere(() -> work.apply(doc)), then);
        } else {
            then.accept(here(() -> work.apply(doc())));
        }
    }

    /** Takes in what the log has; as {@link #change}. */
    void takeFromLog(byte[] update, Consumer<AsyncResult<Boolean>> then) {
        takeFromLog(isLong(update), update, doc -> doc.applyUpdate(update, null), then);
    }

    /** The same of a stored state. */
    void takeSnapshot(byte[] snapshot, Consumer<AsyncResult<Boolean>> then) {
        takeFromLog(true, snapshot, doc -> doc.applyUpdate(snapshot, null, Integer.MAX_VALUE), then);
    }

    private void takeFromLog(
            boolean longWork, byte[] update, Consumer<Doc> taking, Consumer<AsyncResult<Boolean>> then) {
        change(
                longWork,
                doc -> {
                    taking.accept(doc);
                    return true;
                },
                taken -> {
                    byte[] changed = gathered();
                    if (changed != null) {
                        bytes += changed.length;
                        readFromLog.accept(changed);
                    }
                    if (taken.succeeded()) {
                        waits(update);
                    }
                    then.accept(taken);
                });
    }

    /** Where no worker is free, the loop has to do. */
    private <T> Future<T> elsewhere(Callable<T> work) {
        return workers.run(work).recover(failure -> refused(failure) ? here(work) : Future.failedFuture(failure));
    }

    private static boolean refused(Throwable failure) {
        return failure instanceof Problem problem && problem.code() == ProblemCode.OVERLOADED;
    }

    private static <T> Future<T> here(Callable<T> work) {
        try {
            return Future.succeededFuture(work.call());
        } catch (Exception failure) {
            return Future.failedFuture(failure);
        }
    }

    /** Something of the update may wait for what it builds on: whoever is told of changes since needs all of it. */
    void waits(byte[] update) {
        if (doc().hasPending()) {
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
            known = EncodedState.of(doc().encodeState());
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
                () -> wanted.getAsBoolean() ? Optional.of(doc().encodeGradually(known)) : Optional.empty());
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
        if (doc().wantsCompaction()) {
            change(
                    true,
                    doc -> {
                        doc.compact();
                        return doc;
                    },
                    done -> {
                        if (done.failed()) {
                            throw new IllegalStateException("a document was not compacted", done.cause());
                        }
                    });
        }
    }

    /** What the last change was, as one update; null when nothing changed. */
    byte @Nullable [] gathered() {
        byte[] all = gathered.isEmpty() ? null : Updates.merge(List.copyOf(gathered));
        gathered.clear();
        return all;
    }

    private boolean isMeasuredLongAgo() {
        return bytes - measured > maxBytes / 32;
    }

    private void changed(byte[] update) {
        encoded = null;
        resyncs.changed();
        large.changed(update);
        gathered.add(update);
    }
}
