package ai.materi.collab.access;

import ai.materi.collab.room.Ending;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;

/** How a refusal is told at a socket. */
public final class Endings {
    private Endings() {}

    /** When Shield is asked again, later: a token that has run out by then does not say whether its session has. */
    public static Ending again(Throwable failure) {
        boolean expired = failure instanceof Problem problem
                && (problem.code() == ProblemCode.INVALID_TOKEN || problem.code() == ProblemCode.UNAUTHENTICATED);
        return expired ? Ending.TRY_LATER : of(failure);
    }

    /** Whether asking Shield once more may give an answer. */
    static boolean mayPass(Throwable failure) {
        return of(failure) == Ending.TRY_LATER || of(failure) == Ending.GOING_AWAY;
    }

    public static Ending of(Throwable failure) {
        if (!(failure instanceof Problem problem)) {
            return Ending.TRY_LATER;
        }
        return switch (problem.code()) {
            case UNAUTHENTICATED, INVALID_TOKEN, SESSION_ENDED -> Ending.SESSION_ENDED;
            case FORBIDDEN -> Ending.NO_ACCESS;
            case NOT_FOUND, INVALID_REQUEST, INVALID_FIELD -> Ending.NO_DOCUMENT;
            case CONFLICT -> Ending.TOO_MANY_SUB_DOCUMENTS;
            case DRAINING -> Ending.GOING_AWAY;
            default -> Ending.TRY_LATER;
        };
    }
}
