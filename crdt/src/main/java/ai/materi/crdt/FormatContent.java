package ai.materi.crdt;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The content of a formatting item: from here on {@code key} has {@code value}, and null ends it. Scalars are shared by
 * all items that say the same; objects are one an item, because yjs tells them apart by identity.
 */
final class FormatContent {
    private final String key;
    private final @Nullable Object value;
    private final byte[] encoded;

    private FormatContent(String key, @Nullable Object value, byte[] encoded) {
        this.key = key;
        this.value = value;
        this.encoded = encoded;
    }

    String key() {
        return key;
    }

    @Nullable
    Object value() {
        return value;
    }

    /** Key and JSON value as they stand on the wire. */
    byte[] encoded() {
        return encoded;
    }

    static FormatContent of(String key, @Nullable Object value) {
        ByteWriter out = new ByteWriter(32);
        out.varString(key);
        out.varString(Json.stringify(value));
        return new FormatContent(key, value, out.toByteArray());
    }

    static FormatContent decode(byte[] buf, int at, int size) {
        ByteReader in = new ByteReader(buf, at, at + size);
        String key = in.string();
        Object value = Json.parse(in.string());
        byte[] encoded = new byte[size];
        System.arraycopy(buf, at, encoded, 0, size);
        return new FormatContent(key, value, encoded);
    }

    boolean isShareable() {
        return value == null || value instanceof String || value instanceof Number || value instanceof Boolean;
    }

    String interningKey() {
        return new String(encoded, StandardCharsets.ISO_8859_1);
    }
}
