package ai.materi.gateway.http;

import ai.materi.platform.http.Degradation.Feature;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One operation of the REST interface: everything that the guards have to know about it, and what it does.
 *
 * @param path whole, with parameters in braces, e.g. {@code /api/v1/documents/{id}}
 * @param deadline after which the caller is answered 504
 * @param idempotent whether {@code Idempotency-Key} is honoured
 * @param needs what the present level must offer; null for what is served at every level. As a rule, what GET gives is read and
 *     what any other method does is an edit
 */
public record Endpoint(
        HttpMethod method,
        String path,
        Access access,
        BodyKind body,
        Duration deadline,
        boolean idempotent,
        @Nullable Feature needs,
        UseCase useCase,
        Presentation presentation) {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    public static Endpoint get(String path, UseCase useCase) {
        return of(HttpMethod.GET, path, BodyKind.NONE, false, useCase);
    }

    /** Takes a JSON object and honours {@code Idempotency-Key}. */
    public static Endpoint post(String path, UseCase useCase) {
        return of(HttpMethod.POST, path, BodyKind.JSON, true, useCase);
    }

    public static Endpoint put(String path, UseCase useCase) {
        return of(HttpMethod.PUT, path, BodyKind.JSON, false, useCase);
    }

    public static Endpoint patch(String path, UseCase useCase) {
        return of(HttpMethod.PATCH, path, BodyKind.JSON, false, useCase);
    }

    public static Endpoint delete(String path, UseCase useCase) {
        return of(HttpMethod.DELETE, path, BodyKind.NONE, false, useCase);
    }

    private static Endpoint of(HttpMethod method, String path, BodyKind body, boolean idempotent, UseCase useCase) {
        Feature needs = method.equals(HttpMethod.GET) ? Feature.READ : Feature.EDIT;
        return new Endpoint(
                method, path, Access.BEARER, body, DEADLINE, idempotent, needs, useCase, Presentation.AS_IT_IS);
    }

    public Endpoint access(Access wanted) {
        return new Endpoint(method, path, wanted, body, deadline, idempotent, needs, useCase, presentation);
    }

    public Endpoint body(BodyKind wanted) {
        return new Endpoint(method, path, access, wanted, deadline, idempotent, needs, useCase, presentation);
    }

    public Endpoint deadline(Duration wanted) {
        return new Endpoint(method, path, access, body, wanted, idempotent, needs, useCase, presentation);
    }

    /** For answers that must not be kept: they hold secrets. */
    public Endpoint neverReplayed() {
        return new Endpoint(method, path, access, body, deadline, false, needs, useCase, presentation);
    }

    public Endpoint needs(Feature wanted) {
        return new Endpoint(method, path, access, body, deadline, idempotent, wanted, useCase, presentation);
    }

    /** For what asks no service. */
    public Endpoint servedAlways() {
        return new Endpoint(method, path, access, body, deadline, idempotent, null, useCase, presentation);
    }

    public Endpoint shownBy(Presentation wanted) {
        return new Endpoint(method, path, access, body, deadline, idempotent, needs, useCase, wanted);
    }
}
