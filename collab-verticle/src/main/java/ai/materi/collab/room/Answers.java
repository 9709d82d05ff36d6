package ai.materi.collab.room;

import ai.materi.collab.frame.Messages;
import ai.materi.collab.frame.SharedState;
import ai.materi.crdt.StateVector;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Supplier;

/** Tells peers of a room what they lack of its document: at once, or soon when it is large. */
final class Answers {
    private static final int ANSWERS_A_SEAT = 16;
    /** From so many bytes on, an update goes out without another copy. */
    private static final int SHARED = 64 * 1024;

    private final Room room;
    private final LiveDocument document;

    Answers(Room room, LiveDocument document) {
        this.room = room;
        this.document = document;
    }

    /**
     * How a peer is told what it lacks.
     *
     * @param all of the document, rather than a difference
     * @param answer whether it asked for that
     * @param done is run once that is on its way
     */
    private record Bringing(boolean all, boolean answer, Runnable done) {}

    void answer(Seat seat, StateVector known, Runnable answered) {
        if (document.isLarge() && seat.answers() >= ANSWERS_A_SEAT) {
            room.refuse(seat, Limit.QUEUE, Ending.TRY_LATER);
        } else {
            Bringing how = new Bringing(known.equals(StateVector.EMPTY), true, answered);
            bring(seat, known, how, () -> document.difference(known, seat::taken));
        }
    }

    void catchUp(Seat seat, Missed missed, Runnable told) {
        if (missed.edits()) {
            StateVector known = missed.known(document.doc().stateVector());
            boolean all = known.equals(StateVector.EMPTY) || document.isMissedByTooMany(known);
            bring(seat, known, new Bringing(all, missed.answer(), told), () -> document.missed(known));
        } else {
            told.run();
        }
    }

    private void bring(Seat seat, StateVector known, Bringing how, Supplier<Future<Optional<SharedState>>> difference) {
        if (!document.isLarge()) {
            byte[] lacking =
                    how.all() ? document.small().bytes() : document.doc().encodeStateSince(known);
            tell(seat, lacking, how.answer());
            how.done().run();
            return;
        }
        seat.answers(1);
        (how.all() ? document.newcomers().map(Optional::of) : difference.get()).onComplete(encoded -> {
            seat.answers(-1);
            room.guarded(seat, () -> bring(seat, encoded, how));
        });
    }

    private void bring(Seat seat, AsyncResult<Optional<SharedState>> encoded, Bringing how) {
        if (encoded.failed()) {
            throw new IllegalStateException("a state could not be encoded", encoded.cause());
        }
        SharedState lacking = encoded.result().orElse(null);
        if (lacking == null || !seat.taken()) {
            return;
        }
        if (how.all()) {
            document.changedSince().forEach(update -> tell(seat, update, false));
        }
        if (lacking.size() < SHARED) {
            tell(seat, lacking.toBytes(), how.answer());
        } else if (seat.taken()) {
            Audience.tell(seat.peer(), how.answer() ? lacking : lacking.unasked());
        }
        how.done().run();
    }

    private void tell(Seat seat, byte[] update, boolean answer) {
        room.tell(seat, answer ? Messages.syncStep2(update) : Messages.syncUpdate(update));
    }
}
