package ai.materi.platform.postgres;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.VertxException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a failure of the database means to whoever asked. What the data is to blame for (a constraint, a policy, a deadlock)
 * stays a {@link PgException}: its author knows what to make of it. What the statement itself is to blame for is a defect: it
 * is logged here, since some callers only try again, and is {@code internal} to them. SQLSTATEs are those of the
 * PostgreSQL manual, appendix A.
 */
final class DatabaseFailure {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseFailure.class);

    private static final Set<String> LATE = Set.of("57014", "55P03", "25P03");

    /** Of wrong syntax and access; but a row that a policy refuses is refused to its user. */
    private static final String DEFECT_CLASS = "42";

    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    /** Too few or too many parameters, parameters that are not encoded as declared, and what PostgreSQL does not have. */
    private static final Set<String> DEFECTS = Set.of("08P01", "22P03", "0A000");

    /** What the client says of parameters that it does not send: it has no class of its own for that. */
    private static final Pattern WRONG_PARAMETER =
            Pattern.compile("Parameter at position\\[.*|The number of parameters to execute .*", Pattern.DOTALL);

    private static final Pattern VALUE = Pattern.compile(" and value = \\[.*\\](?= can not)", Pattern.DOTALL);

    private DatabaseFailure() {}

    /** @param role as which it was asked */
    static Throwable of(Throwable failure, String role) {
        if (failure instanceof PgException answer) {
            return ofState(answer, role);
        }
        if (failure instanceof ConnectionPoolTooBusyException || "Timeout".equals(failure.getMessage())) {
            return Problem.of(ProblemCode.OVERLOADED, "Too many requests wait for the database.");
        }
        String message = String.valueOf(failure.getMessage());
        if (failure instanceof VertxException
                && WRONG_PARAMETER.matcher(message).matches()) {
            // The value is somebody's text, and no business of the log's.
            return defect(role, "none, it was not sent", VALUE.matcher(message).replaceFirst(""));
        }
        if (failure instanceof VertxException || failure instanceof IOException) {
            return Problem.of(ProblemCode.UNAVAILABLE, "The database cannot be reached.");
        }
        return failure;
    }

    private static Throwable ofState(PgException answer, String role) {
        String state = String.valueOf(answer.getSqlState());
        if (LATE.contains(state)) {
            return Problem.of(ProblemCode.TIMED_OUT, "The database did not answer in time.");
        }
        if (DEFECTS.contains(state) || (state.startsWith(DEFECT_CLASS) && !state.equals(INSUFFICIENT_PRIVILEGE))) {
            return defect(role, state, String.valueOf(answer.getErrorMessage()));
        }
        if (ReadOnlyServer.refused(answer)) {
            return Problem.of(ProblemCode.UNAVAILABLE, "The database takes no writes.");
        }
        // 28 is a login that was refused: whoever asks can do nothing about it, and whoever runs the node may be at it.
        if (state.startsWith("08") || state.startsWith("28") || state.startsWith("57P") || state.startsWith("53")) {
            return Problem.of(ProblemCode.UNAVAILABLE, "The database cannot be reached.");
        }
        return answer;
    }

    private static Problem defect(String role, String state, String message) {
        LOG.error("A statement of {} is a defect (SQLSTATE {}): {}", role, state, message);
        return Problem.of(ProblemCode.INTERNAL, "The failure has been logged under this request's id.");
    }
}
