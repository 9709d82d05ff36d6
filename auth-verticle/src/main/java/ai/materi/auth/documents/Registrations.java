package ai.materi.auth.documents;

import ai.materi.auth.faults.Violations;
import ai.materi.auth.roles.Role;
import ai.materi.auth.workspaces.WorkspaceRef;
import ai.materi.auth.workspaces.Workspaces;
import ai.materi.platform.postgres.Convoy;
import ai.materi.platform.postgres.Database;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;

/** How documents become known. Those that come at the same time share a statement and a commit, each behind its own wall. */
final class Registrations {
    private static final String REGISTER = "select outcome, workspace from auth.register_documents($1, $2, $3, $4)";

    /** SQLSTATE, appendix A of the PostgreSQL manual. */
    private static final String FOREIGN_KEY = "23503";

    private record Wanted(UUID user, UUID document, WorkspaceRef workspace) {}

    private record Outcome(String word, UUID workspace) {
        static Outcome of(Row row) {
            return new Outcome(row.getString("outcome"), row.getUUID("workspace"));
        }
    }

    private final Database tenant;
    private final Convoy<Wanted, Outcome> convoy;

    Registrations(Database tenant) {
        this.tenant = tenant;
        this.convoy = Convoy.ofWrites(this::registerAll);
    }

    Future<Registered> register(UUID userId, UUID documentId, WorkspaceRef workspace) {
        return convoy.ask(new Wanted(userId, documentId, workspace))
                .recover(Registrations::refused)
                .map(Registrations::registered);
    }

    private Future<List<Outcome>> registerAll(List<Wanted> batch) {
        UUID[] users = batch.stream().map(Wanted::user).toArray(UUID[]::new);
        UUID[] documents = batch.stream().map(Wanted::document).toArray(UUID[]::new);
        UUID[] workspaces =
                batch.stream().map(wanted -> wanted.workspace().id()).toArray(UUID[]::new);
        String[] slugs = batch.stream().map(wanted -> wanted.workspace().slug()).toArray(String[]::new);
        return tenant.writer()
                .preparedQuery(REGISTER)
                .execute(Tuple.of(users, documents, workspaces, slugs))
                .map(rows -> rows.stream().map(Outcome::of).toList());
    }

    /** The workspace went, or the role in it, after the function had looked. */
    private static Future<Outcome> refused(Throwable failure) {
        return failure instanceof PgException refusal && FOREIGN_KEY.equals(refusal.getSqlState())
                ? Future.failedFuture(Workspaces.noWorkspace())
                : Violations.explain(failure);
    }

    private static Registered registered(Outcome outcome) {
        return switch (outcome.word()) {
            case "made" -> new Registered(outcome.workspace(), true);
            case "again" -> new Registered(outcome.workspace(), false);
            case "unknown" -> throw Workspaces.noWorkspace();
            case "forbidden" -> throw Workspaces.needs(Role.EDITOR);
            default -> throw Problem.of(ProblemCode.CONFLICT, "This id already belongs to another document.");
        };
    }
}
