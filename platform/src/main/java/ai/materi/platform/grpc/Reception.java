package ai.materi.platform.grpc;

import ai.materi.platform.access.Identity;
import ai.materi.platform.call.CallContext;
import ai.materi.platform.call.Principal;
import ai.materi.platform.call.Traceparent;
import ai.materi.platform.http.RequestId;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Who calls, and until when: reads the metadata of a call. */
final class Reception {
    /** For a caller that names no deadline, and the most that one may ask for; streams are bounded only if it asks. */
    static final Duration LONGEST = Duration.ofSeconds(60);

    /** What strangers may call: {@code auth.proto} names them. */
    private static final Set<String> OPEN = Set.of(
            "materi.auth.v1.AuthService/Register",
            "materi.auth.v1.AuthService/Login",
            "materi.auth.v1.AuthService/Refresh",
            "materi.auth.v1.AuthService/GetJwks",
            "materi.auth.v1.AuthService/GetRegistration",
            "materi.auth.v1.AuthService/ValidateToken",
            "materi.auth.v1.AuthService/RedeemTicket");

    /** What only nodes call, each as one step of something that has other steps elsewhere. */
    private static final Set<String> NODES_ONLY = Set.of(
            "materi.auth.v1.AuthService/RegisterDocument",
            "materi.auth.v1.AuthService/WithdrawDocument",
            "materi.auth.v1.AuthService/SetDocumentState");

    private final Identity identity;
    private final NodePass pass;
    private final BooleanSupplier draining;

    Reception(Identity identity, NodePass pass, BooleanSupplier draining) {
        this.identity = identity;
        this.pass = pass;
        this.draining = draining;
    }

    /** Anonymous so far. */
    CallContext greet(MultiMap metadata, long timeoutMillis, boolean streams) {
        Instant deadline = timeoutMillis > 0
                ? Instant.now().plusMillis(Math.min(timeoutMillis, streams ? Long.MAX_VALUE / 2 : LONGEST.toMillis()))
                : streams ? null : Instant.now().plus(LONGEST);
        return CallContext.anonymous(
                        RequestId.continued(metadata.get("x-request-id")),
                        Traceparent.continued(metadata.get("traceparent")))
                .until(deadline);
    }

    /** With the caller's principal, unless the method is open to strangers. */
    Future<CallContext> admit(CallContext call, MultiMap metadata, String method) {
        if (draining.getAsBoolean()) {
            return Future.failedFuture(Problem.of(ProblemCode.DRAINING, "This node is shutting down; ask another."));
        }
        if (OPEN.contains(method)) {
            return Future.succeededFuture(call);
        }
        if (NODES_ONLY.contains(method) && !pass.isShown(metadata)) {
            return Future.failedFuture(Problem.of(
                    ProblemCode.FORBIDDEN,
                    "Nodes alone call this: documents are made over REST or " + "materi.document.v1."));
        }
        String token = bearer(metadata.get("authorization"));
        return token == null
                ? vouched(call, metadata)
                : identity.verify(token).map(principal -> call.as(principal, token));
    }

    private Future<CallContext> vouched(CallContext call, MultiMap metadata) {
        return (pass.isShown(metadata) ? Vouched.read(metadata) : Optional.<Principal>empty())
                .map(principal -> identity.unlessRevoked(principal).map(known -> call.as(known, null)))
                .orElseGet(() ->
                        Future.failedFuture(Problem.of(ProblemCode.UNAUTHENTICATED, "This needs an access token.")));
    }

    private static @Nullable String bearer(@Nullable String authorization) {
        return authorization != null && authorization.regionMatches(true, 0, "Bearer ", 0, 7)
                ? authorization.substring(7).trim()
                : null;
    }
}
