package ai.materi.auth.grants;

import ai.materi.auth.roles.Role;
import ai.materi.auth.users.User;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.UUID;

/** One user let into one document. */
public record Grant(UUID documentId, User user, Role role, Instant grantedAt) {
    static Grant of(Row row) {
        return new Grant(
                row.getUUID("document_id"),
                User.of(row),
                Role.of(row.getString("role")),
                row.getOffsetDateTime("granted_at").toInstant());
    }
}
