package ai.materi.collab.wire;

import ai.materi.collab.room.Ending;
import ai.materi.collab.room.Room;
import ai.materi.collab.room.Seat;
import java.util.function.BiConsumer;

/** A socket's place in a room, as the socket sees it: what it asks for is done on the room's loop, in order. */
record Membership(Line line, Room room, Seat seat) {
    void ask(BiConsumer<Room, Seat> action) {
        line.begin();
        room.loop().run(() -> {
            line.done();
            if (seat.taken()) {
                action.accept(room, seat);
            }
        });
    }

    /** Never at once: the room may be in the middle of telling everybody something. */
    void leave() {
        room.loop().post(() -> room.leave(seat));
    }

    void expel(Ending ending) {
        room.loop().post(() -> room.expel(seat, ending));
    }
}
