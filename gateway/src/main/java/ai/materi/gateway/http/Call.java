package ai.materi.gateway.http;

import ai.materi.gateway.limit.Verdict;
import ai.materi.platform.call.CallContext;
import ai.materi.platform.call.Principal;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One request on its way through the guards to its use case, and what they found out about it. */
public final class Call {
    private static final int MAX_QUERY_VALUE = 2000;

    private final HttpServerRequest request;
    private final Endpoint endpoint;
    private final Map<String, String> parameters;
    private final List<Verdict> verdicts = new ArrayList<>(3);
    private CallContext context;
    private Buffer body = Buffer.buffer();
    private boolean bodyRead;
    private @Nullable UUID resourceId;
    private @Nullable UUID workspaceId;

    Call(HttpServerRequest request, Endpoint endpoint, Map<String, String> parameters, CallContext context) {
        this.request = request;
        this.endpoint = endpoint;
        this.parameters = parameters;
        this.context = context;
    }

    public HttpServerRequest request() {
        return request;
    }

    /** For answers that are written over time. */
    public HttpServerResponse response() {
        return request.response();
    }

    public CallContext context() {
        return context;
    }

    /** The caller; {@code unauthenticated} for an anonymous one. */
    public Principal principal() {
        return context.requirePrincipal();
    }

    public String parameter(String name) {
        @Nullable String value = parameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException(endpoint.path() + " has no parameter " + name);
        }
        return value;
    }

    /** A path parameter that is an id: what is no UUID names nothing. */
    public UUID id(String name) {
        return Ids.parse(parameter(name))
                .orElseThrow(() -> Problem.of(ProblemCode.NOT_FOUND, "There is nothing with this id."));
    }

    /** The first value of a query parameter; empty when it is absent or empty. */
    public Optional<String> query(String name) {
        if (request.query() == null) {
            return Optional.empty();
        }
        Optional<String> value = Optional.ofNullable(queryValue(name)).filter(text -> !text.isEmpty());
        if (value.isPresent()
                && (value.get().length() > MAX_QUERY_VALUE || value.get().indexOf(0) >= 0)) {
            throw invalidQuery(name, "'" + name + "' is too long or holds the character U+0000.");
        }
        return value;
    }

    /** Whether a query parameter is given, though perhaps empty. */
    public boolean hasQuery(String name) {
        return request.query() != null && queryValue(name) != null;
    }

    private @Nullable String queryValue(String name) {
        try {
            return request.params().get(name);
        } catch (IllegalArgumentException e) {
            throw Problem.of(ProblemCode.INVALID_REQUEST, "The query is not properly percent-encoded.");
        }
    }

    public Problem invalidQuery(String name, String detail) {
        return Problem.of(ProblemCode.INVALID_REQUEST, detail, Map.of("parameter", name));
    }

    /** {@code limit}, 1 to 100, 50 when absent. */
    public int limit() {
        return query("limit").map(this::limit).orElse(50);
    }

    private int limit(String text) {
        if (text.length() <= 3 && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= 100) {
                return limit;
            }
        }
        throw invalidQuery("limit", "'limit' is a whole number from 1 to 100.");
    }

    public boolean queryFlag(String name) {
        String text = query(name).orElse("false");
        if (!text.equals("true") && !text.equals("false")) {
            throw invalidQuery(name, "'" + name + "' is true or false.");
        }
        return text.equals("true");
    }

    public Optional<UUID> queryId(String name) {
        return query(name)
                .map(text -> Ids.parse(text).orElseThrow(() -> invalidQuery(name, "'" + name + "' is a UUID.")));
    }

    public @Nullable String header(String name) {
        return request.getHeader(name);
    }

    public Optional<EntityTags> tags(String header) {
        return EntityTags.parse(header, request.getHeader(header));
    }

    /** The bytes of the body, at most what the endpoint's {@link BodyKind} allows. */
    public Buffer body() {
        return body;
    }

    /** The body as a JSON object; an absent optional body has no members. */
    public Fields json() {
        return body.length() == 0 && endpoint.body() == BodyKind.OPTIONAL_JSON ? Fields.none() : Fields.parse(body);
    }

    /** The id for what this call creates: the same one when an idempotent request is carried out again. */
    public UUID resourceId() {
        if (resourceId == null) {
            resourceId = Ids.fresh();
        }
        return resourceId;
    }

    /** Says in which workspace the call turned out to work, once its caller was found to have access. */
    public void belongsTo(UUID workspace) {
        workspaceId = workspace;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    Map<String, String> parameters() {
        return parameters;
    }

    List<Verdict> verdicts() {
        return verdicts;
    }

    @Nullable
    UUID workspaceId() {
        return workspaceId;
    }

    boolean bodyRead() {
        return bodyRead;
    }

    void actAs(CallContext authenticated) {
        context = authenticated;
    }

    void received(Buffer bytes) {
        body = bytes;
        bodyRead = true;
    }

    void resumeAs(UUID resource) {
        resourceId = resource;
    }
}
