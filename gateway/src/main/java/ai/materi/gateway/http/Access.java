package ai.materi.gateway.http;

/** Whom an endpoint lets in. */
public enum Access {
    /** Everybody; a token is not looked at. */
    OPEN,
    /** As {@link #OPEN}, but counted and refused strictly: guessing passwords is what it is about. */
    SIGN_IN,
    /** A valid bearer token names the caller; without one, or with a bad one, the call is anonymous. */
    OPTIONAL,
    /** A bearer token (RFC 6750, 2.1). */
    BEARER,
    /** A bearer token, or {@code ?ticket=…&document_id=…} for clients that cannot send headers (EventSource). */
    BEARER_OR_TICKET,
    /**
     * A bearer token, or {@code ?token=…} or {@code ?ticket=…} with an access token, a ticket or a link's token for the document
     * in the path.
     */
    BEARER_OR_QUERY,
    /** A bearer token, or {@code ?share=…} with a link's token for the document in the path. */
    BEARER_OR_SHARE
}
