package ai.materi.collab.wire;

import ai.materi.collab.access.Endings;
import ai.materi.collab.room.Ending;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;

/** How a stay ends when a second look, at the end of an access token, fails. */
final class Recheck {
    private Recheck() {}

    /** A token that has run out does not say whether its session has: whoever comes back with a new one will know. */
    static Ending ending(Throwable failure) {
        boolean expired = failure instanceof Problem problem
                && (problem.code() == ProblemCode.INVALID_TOKEN || problem.code() == ProblemCode.UNAUTHENTICATED);
        return expired ? Ending.TRY_LATER : Endings.of(failure);
    }
}
