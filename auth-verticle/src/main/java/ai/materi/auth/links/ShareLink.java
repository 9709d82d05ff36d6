package ai.materi.auth.links;

import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;

/** A link without its secret, which only its maker was shown. */
public record ShareLink(UUID id, UUID documentId, String label, Instant createdAt, Optional<Instant> expiresAt) {
    static ShareLink of(Row row) {
        return new ShareLink(
                row.getUUID("id"),
                row.getUUID("document_id"),
                row.getString("label"),
                row.getOffsetDateTime("created_at").toInstant(),
                Optional.ofNullable(row.getOffsetDateTime("expires_at")).map(OffsetDateTime::toInstant));
    }
}
