package ai.materi.gateway.document;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import java.util.Map;

/** The outcomes of the database functions, as problems. */
final class Refusals {
    private static final Map<String, String> PARENT = Map.of("pointer", "#/parent_id");

    /** SQLSTATE, appendix A of the PostgreSQL manual. */
    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private Refusals() {}

    static Problem notFound() {
        return Problem.of(ProblemCode.NOT_FOUND, "There is no such document.");
    }

    /** A row policy that refuses means that a role was taken away while the request ran. */
    static <T> Future<T> byPolicy(Throwable failure) {
        return Future.failedFuture(
                failure instanceof PgException answer && INSUFFICIENT_PRIVILEGE.equals(answer.getSqlState())
                        ? of("forbidden")
                        : failure);
    }

    static Problem of(String outcome) {
        return switch (outcome) {
            case "not_found" -> notFound();
            case "forbidden" -> Problem.of(ProblemCode.FORBIDDEN, "Your role does not allow this.");
            case "etag" -> Problem.of(ProblemCode.ETAG_MISMATCH, "The document is no longer at this entity tag.");
            case "trashed" -> Problem.of(ProblemCode.CONFLICT, "The document is in the trash; restore it first.");
            case "not_trashed" ->
                Problem.of(ProblemCode.CONFLICT, "Only a document in the trash is deleted for good; delete it first.");
            case "cycle" ->
                Problem.of(ProblemCode.TREE_CYCLE, "The document stands above the parent that it was to get.");
            case "too_deep" ->
                Problem.of(ProblemCode.CONFLICT, "Documents stand at most 64 levels deep.", Map.copyOf(PARENT));
            case "too_many" ->
                Problem.of(
                        ProblemCode.CONFLICT,
                        "More than " + Trash.MOST + " documents stand below this one; take them in parts.");
            case "parent_unknown" ->
                Problem.of(ProblemCode.INVALID_FIELD, "There is no such parent in this workspace.", Map.copyOf(PARENT));
            case "parent_trashed" ->
                Problem.of(ProblemCode.CONFLICT, "The parent is in the trash.", Map.copyOf(PARENT));
            case "taken" -> Problem.of(ProblemCode.CONFLICT, "There is a document with this id already.");
            default -> throw new IllegalArgumentException("Unknown outcome " + outcome);
        };
    }
}
