package ai.materi.platform.problem;

import io.vertx.grpc.common.GrpcStatus;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Every way in which Materi refuses, with its HTTP status (RFC 9110) and its gRPC status. The lower-case name is the
 * stable {@code code} of the problem document (RFC 9457).
 */
public enum ProblemCode {
    INVALID_REQUEST(400, GrpcStatus.INVALID_ARGUMENT, "The request is not valid"),
    MALFORMED_JSON(400, GrpcStatus.INVALID_ARGUMENT, "The body is not valid JSON"),
    UNAUTHENTICATED(401, GrpcStatus.UNAUTHENTICATED, "Sign in first"),
    INVALID_TOKEN(401, GrpcStatus.UNAUTHENTICATED, "The token is not valid"),
    INVALID_CREDENTIALS(401, GrpcStatus.UNAUTHENTICATED, "E-mail address or password is wrong"),
    SESSION_ENDED(401, GrpcStatus.UNAUTHENTICATED, "The session has ended"),
    FORBIDDEN(403, GrpcStatus.PERMISSION_DENIED, "Not allowed"),
    REGISTRATION_CLOSED(403, GrpcStatus.PERMISSION_DENIED, "Registration is closed"),
    NOT_FOUND(404, GrpcStatus.NOT_FOUND, "Not found"),
    METHOD_NOT_ALLOWED(405, GrpcStatus.UNIMPLEMENTED, "Method not allowed"),
    NOT_ACCEPTABLE(406, GrpcStatus.INVALID_ARGUMENT, "No acceptable representation"),
    CONFLICT(409, GrpcStatus.ABORTED, "In conflict with the present state"),
    EMAIL_TAKEN(409, GrpcStatus.ALREADY_EXISTS, "The e-mail address is taken"),
    SLUG_TAKEN(409, GrpcStatus.ALREADY_EXISTS, "The slug is taken"),
    TREE_CYCLE(409, GrpcStatus.FAILED_PRECONDITION, "A document cannot stand below itself"),
    LAST_OWNER(409, GrpcStatus.FAILED_PRECONDITION, "A workspace keeps at least one owner"),
    WORKSPACE_NOT_EMPTY(409, GrpcStatus.FAILED_PRECONDITION, "The workspace still has documents"),
    BASE_UNKNOWN(409, GrpcStatus.FAILED_PRECONDITION, "The base of this change is no longer kept"),
    MERGE_CONFLICT(409, GrpcStatus.ABORTED, "Both sides changed the same block"),
    BLOCK_UNKNOWN(409, GrpcStatus.FAILED_PRECONDITION, "There is no such block"),
    POSITION_OUT_OF_RANGE(409, GrpcStatus.OUT_OF_RANGE, "The position is outside the block"),
    QUOTE_NOT_FOUND(409, GrpcStatus.FAILED_PRECONDITION, "The quoted text is not in the document"),
    QUOTE_AMBIGUOUS(409, GrpcStatus.FAILED_PRECONDITION, "The quoted text is there more than once"),
    IDEMPOTENCY_IN_PROGRESS(409, GrpcStatus.ABORTED, "The first request with this key is still running"),
    ETAG_MISMATCH(412, GrpcStatus.FAILED_PRECONDITION, "The document has changed"),
    TOO_LARGE(413, GrpcStatus.RESOURCE_EXHAUSTED, "Too large"),
    URI_TOO_LONG(414, GrpcStatus.INVALID_ARGUMENT, "The request target is too long"),
    UNSUPPORTED_MEDIA_TYPE(415, GrpcStatus.INVALID_ARGUMENT, "Unsupported media type"),
    UNSUPPORTED_FORMAT(415, GrpcStatus.INVALID_ARGUMENT, "Unsupported format"),
    INVALID_FIELD(422, GrpcStatus.INVALID_ARGUMENT, "A field is not valid"),
    CONTENT_INVALID(422, GrpcStatus.INVALID_ARGUMENT, "The content is not valid in its format"),
    WEAK_PASSWORD(422, GrpcStatus.INVALID_ARGUMENT, "The password is too easy to guess"),
    UNKNOWN_USER(422, GrpcStatus.INVALID_ARGUMENT, "There is no such user"),
    UNKNOWN_MODEL(422, GrpcStatus.INVALID_ARGUMENT, "There is no such model"),
    IDEMPOTENCY_MISMATCH(422, GrpcStatus.INVALID_ARGUMENT, "The key was used with another body"),
    PRECONDITION_REQUIRED(428, GrpcStatus.FAILED_PRECONDITION, "A precondition is required"),
    RATE_LIMITED(429, GrpcStatus.RESOURCE_EXHAUSTED, "Too many requests"),
    HEADERS_TOO_LARGE(431, GrpcStatus.RESOURCE_EXHAUSTED, "Request header fields too large"),
    INTERNAL(500, GrpcStatus.INTERNAL, "Something went wrong here"),
    UNSUPPORTED_ACTION(501, GrpcStatus.UNIMPLEMENTED, "Not possible with the models that are configured"),
    PROVIDER_ERROR(502, GrpcStatus.UNAVAILABLE, "The provider failed"),
    UNAVAILABLE(503, GrpcStatus.UNAVAILABLE, "Not available at present"),
    ROLE_ABSENT(503, GrpcStatus.UNAVAILABLE, "This node does not serve this path"),
    OVERLOADED(503, GrpcStatus.RESOURCE_EXHAUSTED, "Too much at once"),
    DRAINING(503, GrpcStatus.UNAVAILABLE, "This node is shutting down"),
    TIMED_OUT(504, GrpcStatus.DEADLINE_EXCEEDED, "It took too long");

    private static final Map<String, ProblemCode> BY_CODE =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(ProblemCode::code, Function.identity()));

    private final int httpStatus;
    private final GrpcStatus grpcStatus;
    private final String title;
    private final String code;

    ProblemCode(int httpStatus, GrpcStatus grpcStatus, String title) {
        this.httpStatus = httpStatus;
        this.grpcStatus = grpcStatus;
        this.title = title;
        this.code = name().toLowerCase(Locale.ROOT);
    }

    public int httpStatus() {
        return httpStatus;
    }

    public GrpcStatus grpcStatus() {
        return grpcStatus;
    }

    /** A short sentence without a full stop, the same for every occurrence. */
    public String title() {
        return title;
    }

    /** The stable code, e.g. {@code etag_mismatch}. */
    public String code() {
        return code;
    }

    /** The code with this stable name; null when there is none, e.g. because another version of Materi sent it. */
    public static @Nullable ProblemCode named(String code) {
        return BY_CODE.get(code);
    }

    /** What a bare HTTP error status means here; 4xx without a code of its own is {@link #INVALID_REQUEST}. */
    public static ProblemCode ofHttpStatus(int status) {
        return switch (status) {
            case 401 -> UNAUTHENTICATED;
            case 403 -> FORBIDDEN;
            case 404, 410 -> NOT_FOUND;
            case 405 -> METHOD_NOT_ALLOWED;
            case 406 -> NOT_ACCEPTABLE;
            case 408, 504 -> TIMED_OUT;
            case 409 -> CONFLICT;
            case 412 -> ETAG_MISMATCH;
            case 413 -> TOO_LARGE;
            case 414 -> URI_TOO_LONG;
            case 415 -> UNSUPPORTED_MEDIA_TYPE;
            case 422 -> INVALID_FIELD;
            case 428 -> PRECONDITION_REQUIRED;
            case 429 -> RATE_LIMITED;
            case 431 -> HEADERS_TOO_LARGE;
            case 502, 503 -> UNAVAILABLE;
            default -> status >= 400 && status < 500 ? INVALID_REQUEST : INTERNAL;
        };
    }

    /** What a bare gRPC status means here: one that no Materi node has written. */
    public static ProblemCode ofGrpcStatus(GrpcStatus status) {
        return switch (status) {
            case INVALID_ARGUMENT, OUT_OF_RANGE -> INVALID_REQUEST;
            case UNAUTHENTICATED -> UNAUTHENTICATED;
            case PERMISSION_DENIED -> FORBIDDEN;
            case NOT_FOUND -> NOT_FOUND;
            case ALREADY_EXISTS, ABORTED, FAILED_PRECONDITION -> CONFLICT;
            case RESOURCE_EXHAUSTED -> OVERLOADED;
            case UNIMPLEMENTED -> UNSUPPORTED_ACTION;
            case UNAVAILABLE, CANCELLED -> UNAVAILABLE;
            case DEADLINE_EXCEEDED -> TIMED_OUT;
            default -> INTERNAL;
        };
    }
}
