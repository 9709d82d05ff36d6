package ai.materi.collab.wire;

import ai.materi.collab.frame.SharedFrame;
import ai.materi.collab.frame.SharedState;
import ai.materi.collab.frame.Withheld;
import ai.materi.collab.room.Missed;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How far one reader of a document is behind. While it reads fast enough it is sent everything. Once too much waits for it
 * it is sent nothing more, and only what it lacks is noted; when all that waited is written, the room is asked for that.
 * What happens from then on is sent again at once, ahead of what it builds on: a client keeps it until that has come.
 * Touched on the line's loop only.
 */
final class Lag {
    private final Line line;
    private final WireMeters meters;
    private final Predicate<Missed> catchUp;
    private @Nullable Missed missed;

    /** @param catchUp asks the room for what was missed; false when that cannot be asked yet */
    Lag(Line line, WireMeters meters, Predicate<Missed> catchUp) {
        this.line = line;
        this.meters = meters;
        this.catchUp = catchUp;
    }

    /** Sends a frame that carries its name, or needs none. */
    void deliver(SharedFrame frame, ByteBuf whole) {
        if (missed != null || !line.offer(Unpooled.EMPTY_BUFFER, whole)) {
            miss(frame);
        }
    }

    /** Sends the message behind a name of its own. */
    void deliver(SharedFrame frame, String name) {
        if (missed != null || !line.offer(frame.head(name), frame.body())) {
            miss(frame);
        }
    }

    void deliver(SharedState state, @Nullable String name) {
        if (missed != null || !line.offer(state, name)) {
            meters.withheld();
            missing().addEverything(state.isAnswer());
        }
    }

    /** All that waited is written. False when what it lacks cannot be asked for yet. */
    boolean catchUp() {
        Missed lacking = missed;
        if (lacking == null) {
            return false;
        }
        // What the room says in answer, perhaps at once, is to be sent.
        missed = null;
        boolean asked = catchUp.test(lacking);
        if (!asked) {
            missed = lacking;
        }
        return asked;
    }

    /** Its reader is there no longer, or has yet to come. */
    void forget() {
        missed = null;
        line.laggards().remove(this);
    }

    private void miss(SharedFrame frame) {
        meters.withheld();
        Withheld withheld = frame.withheld();
        if (!(withheld instanceof Withheld.Words)) {
            missing().add(withheld);
        }
    }

    private Missed missing() {
        Missed lacking = missed;
        if (lacking == null) {
            lacking = new Missed();
            missed = lacking;
            line.laggards().add(this);
        }
        return lacking;
    }
}
