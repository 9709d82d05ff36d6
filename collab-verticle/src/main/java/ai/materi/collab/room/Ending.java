package ai.materi.collab.room;

/**
 * Why somebody's stay ends. On the y-websocket wire the code closes the socket: 4400 to 4499 stop reconnection for good,
 * everything else makes the client come back. Hocuspocus providers come back after any code, so there a lasting reason is
 * told as a message and ends one document's stay, not the socket's.
 */
public enum Ending {
    MALFORMED(4400, "malformed message"),
    SESSION_ENDED(4401, "session ended"),
    NO_ACCESS(4403, "no access"),
    NO_DOCUMENT(4404, "no such document"),
    DOCUMENT_TOO_LARGE(4413, "document too large"),
    UPDATE_TOO_LARGE(4413, "update too large"),
    TOO_MANY_SUB_DOCUMENTS(4413, "too many sub-documents"),
    FRAME_TOO_LARGE(1009, "message too big"),
    GOING_AWAY(1012, "service restart"),
    TRY_LATER(1013, "try again later"),
    TOO_SLOW(1013, "too slow"),
    INCOMPLETE(1013, "not all could be placed");

    private final int code;
    private final String reason;

    Ending(int code, String reason) {
        this.code = code;
        this.reason = reason;
    }

    /** WebSocket close code (RFC 6455, 7.4). */
    public int code() {
        return code;
    }

    public String reason() {
        return reason;
    }

    /** Whether coming back with the same request cannot help. */
    public boolean lasting() {
        return code >= 4400 && code < 4500;
    }
}
