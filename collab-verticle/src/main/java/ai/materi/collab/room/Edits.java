package ai.materi.collab.room;

import ai.materi.collab.frame.Messages;
import ai.materi.collab.history.Author;
import ai.materi.crdt.Doc;
import ai.materi.crdt.StateVector;
import ai.materi.crdt.Updates;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.platform.telemetry.TraceSpan;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The way of an edit into a room: within its bounds it is applied, goes to everybody here, and into the log. */
final class Edits {
    /**
     * An edit of so many bytes is cut into parts. None is for now: pieces of formatted text that come without their marks are
     * joined at the end of a part, and split again by the next, which costs far more than the whole does.
     */
    private static final int LARGE = Integer.MAX_VALUE;

    private static final int STRUCTS_A_PART = 5_000;
    private static final int BYTES_A_PART = 512 * 1024;
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
        if (update.length < LARGE) {
            new Placing(seat, List.of(update), origin, saved, false).on();
        } else {
            cut(seat, update, origin, saved);
        }
    }

    /** A large edit is cut where nobody has to wait for that; what its peer says after it waits until it is placed. */
    private void cut(Seat seat, byte[] update, Origin origin, Runnable saved) {
        StateVector known = document.doc().stateVector();
        int budget = parts.settings().updateStructs();
        seat.begin();
        parts.workers()
                .run(() -> Updates.parts(update, known, STRUCTS_A_PART, BYTES_A_PART, budget))
                .onComplete(cut -> room.loop().run(() -> {
                    if (cut.succeeded()) {
                        new Placing(seat, cut.result(), origin, saved, true).on();
                    } else {
                        room.failed(seat, cut.cause());
                    }
                }));
    }

    /** An edit of a peer on its way into the document, a part a turn of the loop. Who leaves brings the rest again. */
    private final class Placing {
        private final Seat seat;
        private final Queue<byte[]> waiting;
        private final Origin origin;
        private final Runnable saved;
        private final long passesATurn;
        private long passes;
        /** Whether what its peer says next waits for it. */
        private boolean awaited;

        Placing(Seat seat, List<byte[]> updates, Origin origin, Runnable saved, boolean awaited) {
            this.seat = seat;
            this.waiting = new ArrayDeque<>(updates);
            this.origin = origin;
            this.saved = saved;
            this.awaited = awaited;
            this.passes = (long) PASSES_A_STRUCT * parts.settings().updateStructs();
            this.passesATurn = Math.min(passes, PASSES_A_TURN);
        }

        void on() {
            if (seat.taken()) {
                room.guarded(seat, this::part);
            }
        }

        private void part() {
            byte[] part = waiting.peek();
            if (part == null) {
                placed();
                return;
            }
            if (!parts.log().accepts(part.length)) {
                room.refuse(seat, Limit.QUEUE, Ending.TRY_LATER);
                return;
            }
            Doc.Taken taken = place(part);
            if (taken == Doc.Taken.WHOLE) {
                waiting.remove();
                if (waiting.isEmpty()) {
                    placed();
                } else {
                    next();
                }
            } else if (taken == Doc.Taken.STOPPED && passes > 0) {
                next();
            } else {
                room.refuse(seat, Limit.PENDING, Ending.INCOMPLETE);
            }
        }

        private Doc.Taken place(byte[] part) {
            document.gather();
            RoomSettings settings = parts.settings();
            TraceSpan applying = origin.trace().part("apply");
            Doc.Taken taken = document.doc()
                    .applyUpdate(part, seat, settings.updateStructs(), settings.pendingBytes(), passesATurn);
            applying.end();
            passes -= taken == Doc.Taken.STOPPED ? passesATurn : 0;
            if (seat.begins()) {
                parts.authors().seen(room.documentId(), Author.of(seat.principal()));
            }
            document.waits(part);
            boolean waits = taken == Doc.Taken.WHOLE && document.doc().hasPending();
            publish(waits ? part : document.gathered(), origin);
            return taken;
        }

        private void next() {
            awaited = true;
            seat.begin();
            room.loop().post(this::on);
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
            UUID author, @Nullable UUID via, byte @Nullable [] update, Runnable edit, @Nullable Peer except) {
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
        document.gather();
        try {
            edit.run();
        } catch (RuntimeException failure) {
            publish(document.gathered(), origin);
            throw failure;
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
