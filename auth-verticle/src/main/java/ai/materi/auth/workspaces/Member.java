package ai.materi.auth.workspaces;

import ai.materi.auth.roles.Role;
import ai.materi.auth.users.User;
import io.vertx.sqlclient.Row;
import java.time.Instant;

/** Somebody in a workspace. */
public record Member(User user, Role role, Instant addedAt) {
    static Member of(Row row) {
        return new Member(
                User.of(row),
                Role.of(row.getString("role")),
                row.getOffsetDateTime("added_at").toInstant());
    }
}
