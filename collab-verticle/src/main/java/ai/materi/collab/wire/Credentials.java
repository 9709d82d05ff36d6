package ai.materi.collab.wire;

import ai.materi.collab.document.DocumentName;
import ai.materi.platform.access.Identity;
import ai.materi.platform.call.Principal;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * What somebody brings to prove who they are.
 *
 * @param token an access token (a JWT, RFC 7519: three parts between dots), a ticket, or the token of a link; empty when there
 *     is none
 */
record Credentials(String token) {
    private static final String BEARER = "Bearer ";
    private static final String SUBPROTOCOL = "bearer.";
    private static final int MAX_LENGTH = 8_192;

    /** From the Authorization header, the offered subprotocols or the query, in this order; {@code invalid_request} if it is garbled. */
    static Credentials of(HttpServerRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return new Credentials(header.substring(BEARER.length()).trim());
        }
        String offered = subprotocol(request.getHeader("Sec-WebSocket-Protocol"));
        return new Credentials(offered == null ? query(request) : offered);
    }

    /** What is garbled is refused here without a word of it: what the decoder says of it quotes the whole query. */
    private static String query(HttpServerRequest request) {
        try {
            String token = request.getParam("token");
            String link = token == null ? request.getParam("share") : token;
            return link == null ? "" : link;
        } catch (IllegalArgumentException garbled) {
            throw Problem.of(ProblemCode.INVALID_REQUEST, "The query is not properly percent-encoded.");
        }
    }

    /** Fails with {@code unauthenticated} or {@code invalid_token}. A ticket for a document is one for its sub-documents too. */
    Future<Principal> verify(Identity identity, @Nullable DocumentName document) {
        if (token.isEmpty()) {
            return Future.failedFuture(Problem.of(ProblemCode.UNAUTHENTICATED, "A token is needed here."));
        }
        if (token.length() > MAX_LENGTH) {
            return Future.failedFuture(Problem.of(ProblemCode.INVALID_TOKEN, "The token is too long."));
        }
        return isTicket() && document != null ? identity.redeem(token, document.root()) : identity.verify(token);
    }

    /** To be passed on with calls; a ticket is not. */
    @Nullable
    String accessToken() {
        return isTicket() ? null : token;
    }

    private boolean isTicket() {
        return token.indexOf('.') < 0;
    }

    private static @Nullable String subprotocol(@Nullable String offered) {
        if (offered == null) {
            return null;
        }
        for (String protocol : offered.split(",", 16)) {
            String name = protocol.trim();
            if (name.startsWith(SUBPROTOCOL)) {
                return name.substring(SUBPROTOCOL.length());
            }
        }
        return null;
    }
}
