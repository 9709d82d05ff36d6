package ai.materi.platform.grpc;

import ai.materi.platform.call.CallContext;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.auth.v1.AuthServiceService;
import ai.materi.proto.auth.v1.GetJwksRequest;
import ai.materi.proto.auth.v1.GetMeRequest;
import ai.materi.proto.auth.v1.Jwks;
import ai.materi.proto.auth.v1.Me;
import ai.materi.proto.auth.v1.Principal;
import ai.materi.proto.auth.v1.RedeemTicketRequest;
import ai.materi.proto.auth.v1.User;
import ai.materi.proto.auth.v1.ValidateTokenRequest;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A Shield that knows everybody by the session in the token: {@code good:<session>} is valid. It counts how often it is
 * asked.
 */
public final class Stranger extends AuthServiceService {
    private static final UUID USER = UUID.fromString("01900000-0000-7000-8000-000000000001");

    public final AtomicInteger asked = new AtomicInteger();
    public volatile Instant expiry = Instant.now().plusSeconds(600);

    @Override
    public Future<Principal> validateToken(ValidateTokenRequest request) {
        asked.incrementAndGet();
        String[] parts = request.getToken().split(":", 2);
        if (!parts[0].equals("good")) {
            throw Problem.of(ProblemCode.INVALID_TOKEN, "Nobody knows this token.");
        }
        return Future.succeededFuture(principal(parts[1]));
    }

    @Override
    public Future<Principal> redeemTicket(RedeemTicketRequest request) {
        return request.getTicket().equals("ticket-" + request.getDocumentId())
                ? Future.succeededFuture(principal(UUID.randomUUID().toString()))
                : Future.failedFuture(Problem.of(ProblemCode.INVALID_TOKEN, "Not for this document."));
    }

    /** Echoes the call's context: who, under which request, in which trace. */
    @Override
    public Future<Me> getMe(GetMeRequest request) {
        CallContext call = CallContext.current();
        return Future.succeededFuture(Me.newBuilder()
                .setUser(User.newBuilder()
                        .setName(call.requirePrincipal().name())
                        .setEmail(call.requestId()))
                .setSessionId(String.valueOf(call.traceparent()))
                .build());
    }

    /** Open to strangers, and a defect. */
    @Override
    public Future<Jwks> getJwks(GetJwksRequest request) {
        throw new IllegalStateException("the secret detail");
    }

    @Override
    public Future<ai.materi.proto.auth.v1.Workspace> createWorkspace(
            ai.materi.proto.auth.v1.CreateWorkspaceRequest request) {
        return Future.failedFuture(
                Problem.of(ProblemCode.SLUG_TAKEN, "„Ä+%“ is taken.", Map.of("slug", request.getSlug())));
    }

    private Principal principal(String session) {
        return Principal.newBuilder()
                .setUserId(USER.toString())
                .setSessionId(session)
                .setName("Ada")
                .setEmail("ada@demo.materi.local")
                .setColor("#aabbcc")
                .setExpiresAtMs(expiry.toEpochMilli())
                .build();
    }
}
