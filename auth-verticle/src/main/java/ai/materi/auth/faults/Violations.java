package ai.materi.auth.faults;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;

/**
 * What PostgreSQL refuses, as the problem that it means. Constraints, policies and triggers decide under concurrency what
 * a check before the statement can only guess.
 */
public final class Violations {
    private static final String FOREIGN_KEY = "23503";
    private static final String UNIQUE = "23505";
    private static final String INSUFFICIENT_PRIVILEGE = "42501";
    /** Raised by {@code auth.keep_an_owner()}. */
    private static final String LAST_OWNER = "MA001";

    private Violations() {}

    /** For {@code recover}: the failure itself when it means nothing to a caller. */
    public static <T> Future<T> explain(Throwable failure) {
        return Future.failedFuture(failure instanceof PgException refusal ? problem(refusal) : failure);
    }

    private static Throwable problem(PgException refusal) {
        return switch (String.valueOf(refusal.getSqlState())) {
            case UNIQUE -> taken(refusal);
            case FOREIGN_KEY -> missing(refusal);
            case INSUFFICIENT_PRIVILEGE -> Problem.of(ProblemCode.FORBIDDEN, "Your role does not allow this.");
            case LAST_OWNER -> Problem.of(ProblemCode.LAST_OWNER, "A workspace keeps at least one owner.");
            default -> refusal;
        };
    }

    private static Throwable taken(PgException refusal) {
        return switch (String.valueOf(refusal.getConstraint())) {
            case "users_email" -> Problem.of(ProblemCode.EMAIL_TAKEN, "Somebody is registered with this address.");
            case "workspaces_slug_key" -> Problem.of(ProblemCode.SLUG_TAKEN, "Another workspace has this slug.");
            default -> refusal;
        };
    }

    private static Throwable missing(PgException refusal) {
        return switch (String.valueOf(refusal.getConstraint())) {
            case "documents_workspace_id_fkey" ->
                Problem.of(
                        ProblemCode.WORKSPACE_NOT_EMPTY,
                        "The workspace still has documents; those in the trash count.");
            case "memberships_user_id_fkey", "grants_user_id_fkey" ->
                Problem.of(ProblemCode.UNKNOWN_USER, "There is no such user.");
            default -> refusal;
        };
    }
}
