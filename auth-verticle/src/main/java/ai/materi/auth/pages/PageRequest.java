package ai.materi.auth.pages;

import ai.materi.auth.fields.Fields;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;

/**
 * The part of a list that is wanted.
 *
 * @param limit 1 to 100
 * @param after the key of the last item of the page before; all zeros, which sorts first, for the first page
 */
public record PageRequest(int limit, UUID after) {
    public static final int MAX_LIMIT = 100;

    private static final int DEFAULT_LIMIT = 50;
    private static final UUID FIRST = new UUID(0, 0);
    private static final int CURSOR_LENGTH = 22;

    /** Limit 0 means 50; an empty cursor the first page. */
    public static PageRequest of(int limit, String cursor) {
        if (limit < 0 || limit > MAX_LIMIT) {
            throw Fields.invalid("limit", "A page has 1 to " + MAX_LIMIT + " items.");
        }
        return new PageRequest(limit == 0 ? DEFAULT_LIMIT : limit, cursor.isEmpty() ? FIRST : key(cursor));
    }

    static String cursor(UUID key) {
        byte[] bytes = ByteBuffer.allocate(16)
                .putLong(key.getMostSignificantBits())
                .putLong(key.getLeastSignificantBits())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static UUID key(String cursor) {
        if (cursor.length() != CURSOR_LENGTH) {
            throw unknown();
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(cursor));
            return new UUID(bytes.getLong(), bytes.getLong());
        } catch (IllegalArgumentException notBase64) {
            throw unknown();
        }
    }

    private static RuntimeException unknown() {
        return Fields.invalid("cursor", "This cursor did not come from a page of this list.");
    }
}
