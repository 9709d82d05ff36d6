package ai.materi.auth.workspaces;

import ai.materi.auth.roles.Role;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.UUID;

/**
 * A workspace as one of its members sees it.
 *
 * @param role of that member
 */
public record Workspace(UUID id, String slug, String name, Role role, Instant createdAt, Instant updatedAt) {
    static Workspace of(Row row) {
        return new Workspace(
                row.getUUID("id"),
                row.getString("slug"),
                row.getString("name"),
                Role.of(row.getString("role")),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getOffsetDateTime("updated_at").toInstant());
    }
}
