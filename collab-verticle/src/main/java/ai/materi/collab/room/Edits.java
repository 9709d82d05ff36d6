package ai.materi.collab.room;

import ai.materi.collab.frame.Messages;
import ai.materi.collab.history.Author;
import ai.materi.crdt.Doc;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.platform.telemetry.TraceSpan;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The way of an edit into a room: within its bounds it is applied, goes to everybody here, and into the log. */
final class Edits {
    /** Neighbours that an edit's items may pass, for each of the structs that it may have. */
    private static final int PASSES_A_STRUCT = 50;

    private static final long PASSES_A_TURN = 500_000;

    private final Room room;
    private final LiveDocument document;
    private final Commits commits;
    private final Audience audience;
    private final RoomParts parts;

    Edits(Room room, LiveDocument document, Commits commits, Audience audience, RoomParts parts) {
        this.room = room;
        this.document = document;
        this.commits = commits;
        this.audience = audience;
        this.parts = parts;
    }

    /**
     * An edit of a peer.
     *
     * @param saved is run after the commit, if all of it could be placed and the peer is still here
     */
    void take(Seat seat, byte[] update, Runnable saved, TraceSpan trace) {
        if (!parts.log().accepts(update.length)) {
            room.refuse(seat, Limit.QUEUE, Ending.TRY_LATER);
            return;
        }
        LiveDocument.Fit fit = document.fit(update.length);
        if (fit != LiveDocument.Fit.FITS) {
            boolean certain = fit == LiveDocument.Fit.TOO_LARGE;
            room.refuse(seat, Limit.DOCUMENT_BYTES, certain ? Ending.DOCUMENT_TOO_LARGE : Ending.TRY_LATER);
            return;
        }
        Origin origin = new Origin(seat.principal().userId(), null, seat.peer(), System.nanoTime(), trace);
        new Placing(seat, update, origin, saved).on();
    }

    /** An edit of a peer on its way into the document, over several turns if it passes many. Who leaves brings it again. */
    private final class Placing {
        private final Seat seat;
        private final byte[] update;
        private final Origin origin;
        private final Runnable saved;
        private final long passesATurn;
        private long passes;
        /** Whether what its peer says next waits for it. */
        private boolean awaited;

        Placing(Seat seat, byte[] update, Origin origin, Runnable saved) {
            this.seat = seat;
            this.update = update;
            this.origin = origin;
            this.saved = saved;
            this.passes = (long) PASSES_A_STRUCT * parts.settings().updateStructs();
            this.passesATurn = Math.min(passes, PASSES_A_TURN);
        }

        void on() {
            if (seat.taken()) {
                room.guarded(seat, this::turn);
            }
        }

        private void turn() {
            if (!parts.log().accepts(update.length)) {
                room.refuse(seat, Limit.QUEUE, Ending.TRY_LATER);
                return;
            }
            boolean longWork = document.isLong(update);
            if (longWork) {
                await();
            }
            RoomSettings settings = parts.settings();
            TraceSpan applying = origin.trace().part("apply");
            document.change(
                    longWork,
                    doc -> doc.applyUpdate(
                            update, seat, settings.updateStructs(), settings.pendingBytes(), passesATurn),
                    taken -> {
                        applying.end();
                        room.guarded(seat, () -> taken(taken));
                    });
        }

        private void taken(AsyncResult<Doc.Taken> result) {
            if (result.failed()) {
                room.failed(seat, result.cause());
                return;
            }
            Doc.Taken taken = result.result();
            if (seat.isFirstEdit()) {
                parts.authors().seen(room.documentId(), Author.of(seat.principal()));
            }
            document.waits(update);
            boolean waits = taken == Doc.Taken.WHOLE && document.doc().hasPending();
            publish(waits ? update : document.gathered(), origin);
            passes -= taken == Doc.Taken.STOPPED ? passesATurn : 0;
            if (taken == Doc.Taken.WHOLE) {
                placed();
            } else if (taken == Doc.Taken.STOPPED && passes > 0) {
                next();
            } else {
                room.refuse(seat, Limit.PENDING, Ending.INCOMPLETE);
            }
        }

        private void next() {
            await();
            room.loop().post(this::on);
        }

        private void await() {
            awaited = true;
            seat.begin();
        }

        private void placed() {
            room.await(seat, saved);
            if (awaited) {
                seat.finish();
            }
        }
    }

    /**
     * An edit of the server, which is one entry of the log, whole or not at all. Completes with its sequence number after the
     * commit. What could be placed of it stays, and is committed, when {@code edit} throws.
     *
     * @param update that {@code edit} applies; null when it writes in the document itself
     * @param except who has it already
     */
    Future<Long> author(
            UUID author, @Nullable UUID via, byte @Nullable [] update, Consumer<Doc> edit, @Nullable Peer except) {
        int size = update == null ? 0 : update.length;
        if (room.isClosed()) {
            return Future.failedFuture(new RoomClosedException());
        }
        if (!parts.log().accepts(size)) {
            parts.meters().refused(Limit.QUEUE);
            return Future.failedFuture(Problem.of(ProblemCode.OVERLOADED, "Too many edits wait for their commit."));
        }
        LiveDocument.Fit fit = document.fit(size);
        if (fit != LiveDocument.Fit.FITS) {
            parts.meters().refused(Limit.DOCUMENT_BYTES);
            return Future.failedFuture(
                    fit == LiveDocument.Fit.TOO_LARGE
                            ? Problem.of(ProblemCode.TOO_LARGE, "The document would become too large.")
                            : Problem.of(ProblemCode.UNAVAILABLE, "The document is being measured; send it again."));
        }
        Origin origin = new Origin(author, via, except, System.nanoTime(), TraceSpan.NONE);
        Promise<Long> promise = Promise.promise();
        document.change(
                update != null && document.isLong(update),
                doc -> {
                    edit.accept(doc);
                    return doc;
                },
                edited -> Future.<Void>succeededFuture()
                        .compose(now -> authored(edited, update, origin))
                        .onComplete(promise));
        return promise.future();
    }

    private Future<Long> authored(AsyncResult<Doc> edited, byte @Nullable [] update, Origin origin) {
        if (edited.failed()) {
            publish(document.gathered(), origin);
            return Future.failedFuture(edited.cause());
        }
        if (update != null) {
            document.waits(update);
        }
        publish(update != null && document.doc().hasPending() ? update : document.gathered(), origin);
        return room.awaited();
    }

    private void publish(byte @Nullable [] update, Origin origin) {
        if (update == null) {
            return;
        }
        parts.meters().updated();
        document.grew(update.length);
        commits.append(update, origin);
        audience.send(Messages.syncUpdate(update), origin.peer(), fanOutFrom(origin));
    }

    /** An edit that nobody else is here to receive is not measured. */
    private Runnable fanOutFrom(Origin origin) {
        int others = audience.size() - (origin.peer() == null ? 0 : 1);
        if (others == 0) {
            return () -> {};
        }
        TraceSpan sending = origin.trace().part("fan-out");
        return () -> {
            parts.meters().fannedOut(System.nanoTime() - origin.arrivedAt());
            sending.end();
        };
    }
}
