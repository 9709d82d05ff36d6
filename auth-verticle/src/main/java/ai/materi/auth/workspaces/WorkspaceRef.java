package ai.materi.auth.workspaces;

import ai.materi.auth.fields.Fields;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How somebody names a workspace: by its id or by its slug, of which no slug looks like an id. */
public record WorkspaceRef(@Nullable UUID id, @Nullable String slug) {
    /** Text that is neither names no workspace, and finds none. */
    public static WorkspaceRef of(String text) {
        if (text.isEmpty()) {
            throw Fields.invalid("workspace", "This is needed: the id or the slug of a workspace.");
        }
        return Fields.isUuid(text)
                ? new WorkspaceRef(UUID.fromString(text), null)
                : new WorkspaceRef(null, Fields.isSlug(text) ? text : null);
    }
}
