package ai.materi.collab.room;

import ai.materi.collab.frame.Messages;
import ai.materi.collab.history.Author;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.platform.telemetry.TraceSpan;
import io.vertx.core.Future;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The way of an edit into a room: within its bounds it is applied, goes to everybody here, and into the log. */
final class Edits {
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
        if (document.tooLarge(update.length)) {
            room.refuse(seat, Limit.DOCUMENT_BYTES, Ending.DOCUMENT_TOO_LARGE);
            return;
        }
        long arrivedAt = System.nanoTime();
        document.gather();
        RoomSettings settings = parts.settings();
        TraceSpan applying = trace.part("apply");
        boolean whole = document.doc().applyUpdate(update, seat, settings.updateStructs(), settings.pendingBytes());
        applying.end();
        if (seat.begins()) {
            parts.authors().seen(room.documentId(), Author.of(seat.principal()));
        }
        UUID user = seat.principal().userId();
        Origin origin = new Origin(user, null, seat.peer(), arrivedAt, trace);
        publish(whole && document.doc().hasPending() ? update : document.gathered(), origin);
        if (whole) {
            room.await(seat, saved);
        } else {
            room.refuse(seat, Limit.PENDING, Ending.INCOMPLETE);
        }
    }

    /**
     * An edit of the server. Completes with its sequence number after the commit. What could be placed of it stays, and is
     * committed, when {@code edit} throws.
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
        if (document.tooLarge(size)) {
            parts.meters().refused(Limit.DOCUMENT_BYTES);
            return Future.failedFuture(Problem.of(ProblemCode.TOO_LARGE, "The document would become too large."));
        }
        Origin origin = new Origin(author, via, except, System.nanoTime(), TraceSpan.NONE);
        document.gather();
        try {
            edit.run();
        } catch (RuntimeException failure) {
            publish(document.gathered(), origin);
            throw failure;
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
