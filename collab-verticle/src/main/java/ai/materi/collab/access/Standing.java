package ai.materi.collab.access;

import ai.materi.platform.call.Principal;
import org.jspecify.annotations.Nullable;

/**
 * Who a socket or a stream speaks for, and until when that needs no second look. A socket outlives its access token for as long as
 * its session lives: when the token ends, Shield is asked again.
 *
 * @param token to ask with; null when it was a ticket
 * @param checkAt epoch milliseconds
 * @param asked whether the client was asked for a newer token
 */
public record Standing(Principal principal, @Nullable String token, long checkAt, boolean asked) {
    private static final long AGAIN_MS = 600_000;
    private static final long REFRESH_MS = 30_000;

    public static Standing of(Principal principal, @Nullable String token) {
        return new Standing(principal, token, principal.expiresAt().toEpochMilli(), false);
    }

    public Standing checked(long now) {
        return new Standing(principal, token, now + AGAIN_MS, false);
    }

    public Standing asking() {
        return new Standing(principal, token, checkAt, true);
    }

    public boolean isDue(long now) {
        return now >= checkAt;
    }

    /** Whether it is time to ask the client for a newer token. */
    public boolean endsSoon(long now) {
        return now >= checkAt - REFRESH_MS;
    }
}
