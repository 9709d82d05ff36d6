package ai.materi.auth.documents;

import ai.materi.auth.roles.Role;
import io.vertx.sqlclient.Row;
import java.util.UUID;

/**
 * What a user is to a document that exists for them.
 *
 * @param role the stronger of the role in the workspace and the grant
 */
public record Standing(UUID workspaceId, DocumentState state, Role role) {
    static Standing of(Row row) {
        return new Standing(
                row.getUUID("workspace_id"), DocumentState.of(row.getString("state")), Role.of(row.getString("role")));
    }

    /** Trashed documents exist for those only who could bring them back, and for nothing but that or their end. */
    public Verdict decide(Action action) {
        if (state == DocumentState.PURGED || (isInTrash() && !survivesTrash(action))) {
            return Verdict.HIDDEN;
        }
        return role.includes(needed(action)) ? Verdict.ALLOWED : Verdict.DENIED;
    }

    private boolean isInTrash() {
        return state == DocumentState.TRASHED;
    }

    private boolean survivesTrash(Action action) {
        return (action == Action.MANAGE || action == Action.RESTORE) && role.includes(Role.EDITOR);
    }

    private static Role needed(Action action) {
        return switch (action) {
            case READ -> Role.VIEWER;
            case COMMENT -> Role.COMMENTER;
            case WRITE, RESTORE -> Role.EDITOR;
            case MANAGE -> Role.ADMIN;
        };
    }
}
