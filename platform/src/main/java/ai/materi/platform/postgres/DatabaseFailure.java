package ai.materi.platform.postgres;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.VertxException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.pgclient.PgException;
import java.io.IOException;

/**
 * What a failure of the database means to whoever asked. What the statement itself is to blame for (a constraint, a
 * deadlock) stays a {@link PgException}: its author knows what to make of it.
 */
final class DatabaseFailure {
    private DatabaseFailure() {}

    static Throwable of(Throwable failure) {
        if (failure instanceof PgException answer) {
            return ofState(answer);
        }
        if (failure instanceof ConnectionPoolTooBusyException || "Timeout".equals(failure.getMessage())) {
            return Problem.of(ProblemCode.OVERLOADED, "Too many requests wait for the database.");
        }
        if (failure instanceof VertxException || failure instanceof IOException) {
            return Problem.of(ProblemCode.UNAVAILABLE, "The database cannot be reached.");
        }
        return failure;
    }

    /** SQLSTATEs of PostgreSQL, appendix A. */
    private static Throwable ofState(PgException answer) {
        String state = String.valueOf(answer.getSqlState());
        if (state.equals("57014") || state.equals("55P03") || state.equals("25P03")) {
            return Problem.of(ProblemCode.TIMED_OUT, "The database did not answer in time.");
        }
        // 28 is a login that was refused: whoever asks can do nothing about it, and whoever runs the node may be at it.
        if (state.startsWith("08") || state.startsWith("28") || state.startsWith("57P") || state.startsWith("53")) {
            return Problem.of(ProblemCode.UNAVAILABLE, "The database cannot be reached.");
        }
        return answer;
    }
}
