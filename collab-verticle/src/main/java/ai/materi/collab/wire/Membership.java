package ai.materi.collab.wire;

import ai.materi.collab.room.Ending;
import ai.materi.collab.room.Limit;
import ai.materi.collab.room.Missed;
import ai.materi.collab.room.Room;
import ai.materi.collab.room.Seat;
import ai.materi.platform.telemetry.TraceSpan;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** A socket's place in a room, as the socket sees it: what it asks for is done on the room's loop, in order. */
record Membership(Line line, Room room, Seat seat, Allowance edits, Allowance words) {
    /**
     * Does something on the room's loop, in its turn.
     *
     * @param bytes it keeps until then
     */
    void ask(int bytes, BiConsumer<Room, Seat> action) {
        line.underway().begin(bytes);
        room.loop().run(() -> {
            line.underway().done(bytes);
            if (seat.taken()) {
                action.accept(room, seat);
            }
        });
    }

    /** As {@link Room#edit}. A client that sends more than it may is read no further for a while; nothing of it is lost. */
    void edit(byte[] update, boolean reply, Consumer<Boolean> saved) {
        TraceSpan trace = line.traced().with("materi.document", room.name());
        ask(update.length, (here, mine) -> here.edit(mine, update, reply, saved, trace));
        long pauseMs = edits.take(System.nanoTime());
        if (pauseMs > 0) {
            line.pause(pauseMs, Limit.UPDATES);
        }
    }

    /** As {@link Room#say}. What a client says beyond its allowance is dropped. */
    void say(byte[] said) {
        if (words.takeIfLeft(System.nanoTime())) {
            ask(said.length, (here, mine) -> here.say(mine, said));
        } else {
            line.met(Limit.STATELESS);
        }
    }

    /** Sends what its reader lacks. */
    void catchUp(Lag lag, Missed missed) {
        ask(
                0,
                (here, mine) -> here.catchUp(
                        mine,
                        missed,
                        () -> line.loop().run(() -> line.laggards().served(lag))));
    }

    /** Never at once: the room may be in the middle of telling everybody something. */
    void leave() {
        room.loop().post(() -> room.leave(seat));
    }

    void expel(Ending ending) {
        room.loop().post(() -> room.expel(seat, ending));
    }
}
