package ai.materi.auth.users;

import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.UUID;

/** A person, as others may see them. */
public record User(UUID id, String email, String name, Instant createdAt) {
    /** From a row with {@code id}, {@code email}, {@code name} and {@code created_at}. */
    public static User of(Row row) {
        return new User(
                row.getUUID("id"),
                row.getString("email"),
                row.getString("name"),
                row.getOffsetDateTime("created_at").toInstant());
    }

    /** {@code #rrggbb}, of the cursor. */
    public String color() {
        return CursorColor.of(id);
    }
}
