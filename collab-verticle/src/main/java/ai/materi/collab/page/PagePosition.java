package ai.materi.collab.page;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;

/** What a page, newest first, ended with; as a cursor 24 bytes in base64url: microseconds since 1970 and its id. */
public record PagePosition(OffsetDateTime createdAt, UUID id) {
    private static final int CURSOR_LENGTH = 32;

    /** Before the newest there is nothing. */
    public static final PagePosition START =
            new PagePosition(OffsetDateTime.of(9999, 12, 31, 0, 0, 0, 0, ZoneOffset.UTC), new UUID(-1L, -1L));

    public String cursor() {
        byte[] bytes = ByteBuffer.allocate(24)
                .putLong(ChronoUnit.MICROS.between(Instant.EPOCH, createdAt.toInstant()))
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Empty text is {@link #START}; fails with {@code invalid_field} for what is no cursor. */
    public static PagePosition parse(String cursor) {
        if (cursor.isEmpty()) {
            return START;
        }
        if (cursor.length() != CURSOR_LENGTH) {
            throw unknown();
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(cursor));
            Instant time = Instant.EPOCH.plus(bytes.getLong(), ChronoUnit.MICROS);
            PagePosition position =
                    new PagePosition(time.atOffset(ZoneOffset.UTC), new UUID(bytes.getLong(), bytes.getLong()));
            if (time.isBefore(Instant.EPOCH) || position.createdAt().isAfter(START.createdAt())) {
                throw unknown();
            }
            return position;
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException malformed) {
            throw unknown();
        }
    }

    private static Problem unknown() {
        return Problem.of(
                ProblemCode.INVALID_FIELD,
                "This cursor did not come from a page of this list.",
                Map.of("field", "cursor"));
    }
}
