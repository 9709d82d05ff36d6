package ai.materi.collab.access;

import ai.materi.collab.room.Ending;
import ai.materi.platform.problem.Problem;

/** How a refusal is told at a socket. */
public final class Endings {
    private Endings() {}

    public static Ending of(Throwable failure) {
        if (!(failure instanceof Problem problem)) {
            return Ending.TRY_LATER;
        }
        return switch (problem.code()) {
            case UNAUTHENTICATED, INVALID_TOKEN, SESSION_ENDED -> Ending.SESSION_ENDED;
            case FORBIDDEN -> Ending.NO_ACCESS;
            case NOT_FOUND, INVALID_REQUEST, INVALID_FIELD -> Ending.NO_DOCUMENT;
            case DRAINING -> Ending.GOING_AWAY;
            default -> Ending.TRY_LATER;
        };
    }
}
