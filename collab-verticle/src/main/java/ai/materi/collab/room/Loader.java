package ai.materi.collab.room;

import ai.materi.collab.document.Admission;
import ai.materi.collab.frame.SharedState;
import ai.materi.collab.log.LogRow;
import ai.materi.collab.log.LogSlice;
import ai.materi.collab.log.LogTables;
import ai.materi.collab.log.LogTails;
import ai.materi.crdt.Doc;
import ai.materi.crdt.GradualState;
import ai.materi.crdt.StateVector;
import ai.materi.platform.node.Workers;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings documents from the log into memory, off the event loops and a bounded number at a time. A document that cannot
 * be read completely is not opened at all, so that nothing is ever written over it.
 */
public final class Loader {
    private static final Logger LOG = LoggerFactory.getLogger(Loader.class);
    private static final int ROWS_A_READ = 5_000;
    private static final int WAITING_A_SLOT = 100;
    private static final int FIRST_GENERATION = 1;

    private final LogTables tables;
    private final Workers.Pool workers;
    private final SubDocuments subDocuments;
    private final int slots;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private int running;

    public Loader(LogTables tables, Workers.Pool workers, RoomSettings settings, SubDocuments subDocuments) {
        this.tables = tables;
        this.workers = workers;
        this.subDocuments = subDocuments;
        this.slots = settings.parallelLoads();
    }

    Future<LoadedDocument> load(Admission admission) {
        Promise<LoadedDocument> promise = Promise.promise();
        if (!enqueue(() -> read(admission).onComplete(read -> {
            promise.handle(read);
            finished();
        }))) {
            return Future.failedFuture(Problem.of(ProblemCode.OVERLOADED, "Too many documents are being opened."));
        }
        return promise.future();
    }

    /** What was read of a document up to now: all of it, and what of that came from behind the snapshot. */
    private record Size(long bytes, LogTails.Tail tail) {
        Size plus(LogSlice slice) {
            byte[] snapshot = slice.snapshot();
            long rows =
                    slice.rows().stream().mapToLong(row -> row.update().length).sum();
            return new Size(
                    bytes + rows + (snapshot == null ? 0 : snapshot.length),
                    new LogTails.Tail(tail.rows() + slice.rows().size(), tail.bytes() + rows));
        }
    }

    /** @param slice the last that was read; null when the log has nothing of the document */
    private record Built(
            Doc doc,
            @Nullable SharedState state,
            long reached,
            Size size,
            @Nullable LogSlice slice) {}

    private Future<LoadedDocument> read(Admission admission) {
        UUID documentId = admission.documentId();
        return stored(admission)
                .compose(done -> build(admission))
                .compose(built -> tables.claims(documentId).map(claims -> loaded(admission, built, claims)))
                .onFailure(failure -> {
                    if (!SubDocuments.tooMany(failure)) {
                        LOG.warn("document {} is not opened", admission.name(), failure);
                    }
                })
                .recover(Loader::refusal);
    }

    /** What a reader opens of a sub-document that the log does not have is stored by whoever writes in it. */
    private Future<Void> stored(Admission admission) {
        if (!admission.name().isSubDocument()) {
            return tables.ensure(admission.documentId(), admission.workspaceId());
        }
        return admission.writes() ? subDocuments.store(admission) : Future.succeededFuture();
    }

    private static LoadedDocument loaded(Admission admission, Built built, Map<Long, UUID> claims) {
        LogSlice slice = built.slice();
        return new LoadedDocument(
                admission.name(),
                slice == null ? admission.workspaceId() : slice.workspaceId(),
                slice == null ? FIRST_GENERATION : slice.generation(),
                slice != null,
                built.doc(),
                built.state(),
                built.reached(),
                built.state() == null ? built.size().bytes() : built.state().size(),
                built.size().tail(),
                claims);
    }

    private static Future<LoadedDocument> refusal(Throwable failure) {
        return Future.failedFuture(
                failure instanceof Problem
                        ? failure
                        : Problem.of(ProblemCode.UNAVAILABLE, "The document cannot be read just now."));
    }

    private Future<Built> build(Admission admission) {
        Size nothing = new Size(0, new LogTails.Tail(0, 0));
        Doc doc = new Doc(Draft.freshAuthor());
        boolean mayBeNowhere = admission.name().isSubDocument() && !admission.writes();
        return build(admission.documentId(), doc, 0, -1, nothing)
                .recover(failure -> mayBeNowhere && isNowhere(failure)
                        ? Future.succeededFuture(new Built(doc, null, 0, nothing, null))
                        : Future.failedFuture(failure));
    }

    private static boolean isNowhere(Throwable failure) {
        return failure instanceof Problem problem && problem.code() == ProblemCode.NOT_FOUND;
    }

    private Future<Built> build(UUID documentId, Doc doc, long reached, long after, Size before) {
        return tables.after(documentId, after, ROWS_A_READ).compose(found -> {
            if (found.isEmpty()) {
                return Future.failedFuture(Problem.of(ProblemCode.NOT_FOUND, "There is no such document."));
            }
            LogSlice slice = found.get();
            if (!slice.gapless(after)) {
                return Future.failedFuture(new IllegalStateException("the log of " + documentId + " has a gap"));
            }
            return workers.run(() -> apply(doc, slice)).compose(done -> {
                long now = slice.reaches(Math.max(reached, 0));
                Size size = before.plus(slice);
                return slice.headSeq() > now
                        ? build(documentId, doc, now, now, size)
                        : workers.run(() -> new Built(doc, encoded(doc, size), now, size, slice));
            });
        });
    }

    /** A large document is encoded here for those who are about to open it. */
    private static @Nullable SharedState encoded(Doc doc, Size size) {
        if (size.bytes() < LiveDocument.LARGE || doc.hasPending()) {
            return null;
        }
        GradualState state = doc.encodeGradually(StateVector.EMPTY);
        while (!state.next(Integer.MAX_VALUE)) {}
        SharedState.Copy copy = new SharedState.Copy(
                state.parts().stream().mapToLong(part -> part.length).sum());
        state.parts().forEach(copy::add);
        return copy.whole();
    }

    private static Doc apply(Doc doc, LogSlice slice) {
        byte[] snapshot = slice.snapshot();
        if (snapshot != null) {
            doc.applyUpdate(snapshot, null, Integer.MAX_VALUE);
        }
        for (LogRow row : slice.rows()) {
            doc.applyUpdate(row.update(), null);
        }
        return doc;
    }

    private synchronized boolean enqueue(Runnable load) {
        if (running < slots) {
            running++;
            load.run();
            return true;
        }
        return waiting.size() < slots * WAITING_A_SLOT && waiting.add(load);
    }

    private void finished() {
        Runnable next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                running--;
            }
        }
        if (next != null) {
            next.run();
        }
    }
}
