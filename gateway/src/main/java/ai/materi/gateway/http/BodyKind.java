package ai.materi.gateway.http;

/** What a request may carry, and how much of it. */
public enum BodyKind {
    /** Nothing is read. */
    NONE(0),
    /** One JSON object. */
    JSON(1 << 20),
    /** One JSON object, or nothing at all. */
    OPTIONAL_JSON(1 << 20),
    /** The bytes of one update of a document, or of a presence. */
    UPDATE(8 << 20),
    /** A document's content in the format that its media type names. */
    CONTENT(16 << 20);

    private final int maxBytes;

    BodyKind(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    boolean isJson() {
        return this == JSON || this == OPTIONAL_JSON;
    }

    int maxBytes() {
        return maxBytes;
    }
}
