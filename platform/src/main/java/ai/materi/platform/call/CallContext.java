package ai.materi.platform.call;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.PromiseInternal;
import java.time.Duration;
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

    private static final CallContext OUTSIDE = anonymous("-", null);

    /** Somebody who has not said yet who they are. */
    public static CallContext anonymous(String requestId, @Nullable String traceparent) {
        return new CallContext(null, null, null, requestId, traceparent);
    }

    /** The context of the current call; anonymous outside any. */
    public static CallContext current() {
        ContextInternal context = ContextInternal.current();
        CallContext call = context == null ? null : CallLocal.KEY.get(context);
        return call == null ? OUTSIDE : call;
    }

    /** The authenticated caller, or the problem {@code unauthenticated}. */
    public Principal requirePrincipal() {
        if (principal == null) {
            throw Problem.of(ProblemCode.UNAUTHENTICATED, "This needs an access token.");
        }
        return principal;
    }

    /** The same call after its caller has been authenticated. */
    public CallContext as(Principal caller, @Nullable String accessToken) {
        return new CallContext(caller, accessToken, deadline, requestId, traceparent);
    }

    /** The same call with another end to the caller's patience. */
    public CallContext until(@Nullable Instant end) {
        return new CallContext(principal, token, end, requestId, traceparent);
    }

    /**
     * How much longer the caller waits, {@code fallback} when it did not say; never more than {@code fallback}. Zero when the
     * time is over.
     */
    public Duration remaining(Duration fallback) {
        if (deadline == null) {
            return fallback;
        }
        Duration left = Duration.between(Instant.now(), deadline);
        if (left.isNegative()) {
            return Duration.ZERO;
        }
        return left.compareTo(fallback) < 0 ? left : fallback;
    }

    /** The 32 hex digits of the trace that this call belongs to; null when there is none. */
    public @Nullable String traceId() {
        return traceparent == null ? null : Traceparent.traceId(traceparent);
    }

    /** Makes this the context of the rest of the current call: for a door that has a Vert.x context for each call. */
    public void enter() {
        CallLocal.KEY.put(requireContext(), this);
    }

    /**
     * Runs {@code body} with this as the current context, on the current event loop: in a Vert.x context of its own, so that
     * nothing else on this loop sees it. The result arrives in the context that called.
     */
    public <T> Future<T> call(Supplier<Future<T>> body) {
        ContextInternal caller = requireContext();
        ContextInternal own = caller.duplicate(true);
        CallLocal.KEY.put(own, this);
        PromiseInternal<T> result = caller.promise();
        own.dispatch(() -> started(body).onComplete(result));
        return result.future();
    }

    private static <T> Future<T> started(Supplier<Future<T>> body) {
        try {
            return body.get();
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private static ContextInternal requireContext() {
        ContextInternal context = ContextInternal.current();
        if (context == null) {
            throw new IllegalStateException("A call needs a Vert.x context to run in");
        }
        return context;
    }
}
