package ai.materi.collab.room;

import java.io.Serial;

/** The room left memory between being found and being used; asking again opens another. */
final class RoomClosedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    RoomClosedException() {
        super("the room is closed", null, false, false);
    }
}
