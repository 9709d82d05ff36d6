package ai.materi.platform.access;

import ai.materi.platform.call.Principal;
import io.vertx.core.Future;
import java.util.UUID;

/**
 * Turns tokens into principals for every door of this node: asks Shield once and remembers the answer, bounded, by the
 * token's hash until it expires or its session is revoked.
 */
public final class Identity {
    /** Fails with {@code invalid_token} or {@code session_ended}. */
    public Future<Principal> verify(String accessToken) {
        throw new UnsupportedOperationException();
    }

    /** Fails with {@code invalid_token}; a ticket is bound to one document. */
    public Future<Principal> redeem(String ticket, UUID documentId) {
        throw new UnsupportedOperationException();
    }
}
