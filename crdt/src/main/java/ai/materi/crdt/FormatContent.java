package ai.materi.crdt;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The content of a formatting item: from here on {@code key} has {@code value}, and null ends it. Scalars are shared by
 * all items that say the same; objects are one an item, because yjs tells them apart by identity, and stay JSON until
 * somebody asks for them.
 */
final class FormatContent {
    private final String key;
    private final byte[] encoded;
    private final boolean shareable;
    private @Nullable Object value;
    private boolean parsed;

    private FormatContent(String key, byte[] encoded, boolean shareable) {
        this.key = key;
        this.encoded = encoded;
        this.shareable = shareable;
    }

    String key() {
        return key;
    }

    @Nullable
    Object value() {
        if (!parsed) {
            ByteReader in = new ByteReader(encoded);
            in.skipBytes();
            value = Json.parse(in.string());
            parsed = true;
        }
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
        boolean scalar =
                value == null || value instanceof String || value instanceof Number || value instanceof Boolean;
        FormatContent content = new FormatContent(key, out.toByteArray(), scalar);
        content.value = value;
        content.parsed = true;
        return content;
    }

    static FormatContent decode(byte[] buf, int at, int size) {
        ByteReader in = new ByteReader(buf, at, at + size);
        String key = in.string();
        byte[] encoded = new byte[size];
        System.arraycopy(buf, at, encoded, 0, size);
        return new FormatContent(key, encoded, !isObject(in));
    }

    /** Whether the JSON that follows is an object or a list. */
    private static boolean isObject(ByteReader in) {
        in.varUint();
        int first = in.u8();
        while (first == ' ' || first == '\t' || first == '\n' || first == '\r') {
            first = in.u8();
        }
        return first == '{' || first == '[';
    }

    boolean isShareable() {
        return shareable;
    }

    String interningKey() {
        return new String(encoded, StandardCharsets.ISO_8859_1);
    }
}
