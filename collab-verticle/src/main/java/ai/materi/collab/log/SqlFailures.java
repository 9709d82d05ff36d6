package ai.materi.collab.log;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.pgclient.PgException;
import java.util.Set;

/** Which failures of a statement may pass by themselves (SQLSTATE classes, PostgreSQL manual, appendix A). */
final class SqlFailures {
    /** Data exception, constraint violation, wrong access or syntax: the same statement would fail again. */
    private static final Set<String> LASTING_CLASSES = Set.of("21", "22", "23", "42", "44", "54");

    private SqlFailures() {}

    static boolean passing(Throwable failure) {
        if (failure instanceof PgException refusal && refusal.getSqlState() != null) {
            return !LASTING_CLASSES.contains(refusal.getSqlState().substring(0, 2));
        }
        boolean defect = failure instanceof Problem problem && problem.code() == ProblemCode.INTERNAL;
        return !defect && !(failure instanceof IllegalArgumentException);
    }
}
