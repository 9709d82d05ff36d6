package ai.materi.platform.call;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * On whose behalf the current code runs: set by the guard of a door (REST, socket, gRPC) in the Vert.x context of that
 * call, read by a service at its entry, sent along as metadata when a call leaves the node.
 *
 * @param principal null before authentication
 * @param token the principal's access token, to be passed on; null with a ticket
 * @param deadline when the caller stops waiting; null means the door's default
 * @param traceparent W3C trace context; null when there is none
 */
public record CallContext(
        @Nullable Principal principal,
        @Nullable String token,
        @Nullable Instant deadline,
        String requestId,
        @Nullable String traceparent) {

    /** The context of the current call; anonymous outside any. */
    public static CallContext current() {
        throw new UnsupportedOperationException();
    }

    /** The authenticated caller, or the problem {@code unauthenticated}. */
    public Principal requirePrincipal() {
        throw new UnsupportedOperationException();
    }

    /** Runs {@code body} with this as the current context, on the current event loop. */
    public <T> Future<T> call(Supplier<Future<T>> body) {
        throw new UnsupportedOperationException();
    }
}
