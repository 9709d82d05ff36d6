package ai.materi.gateway.limit;

import java.time.Duration;

/**
 * A budget: so many requests in so much time, for each subject that the policy counts.
 *
 * @param name as the header fields of the IETF draft name it, e.g. {@code user}
 * @param quota requests in a window; all of them may come at once
 * @param item as {@code RateLimit-Policy} lists it
 */
public record Policy(String name, int quota, Duration window, String item) {
    public Policy(String name, int quota, Duration window) {
        this(name, quota, window, "\"" + name + "\";q=" + quota + ";w=" + window.toSeconds());
    }

    long intervalMicros() {
        return Math.max(1, window.toNanos() / 1000 / quota);
    }

    /** At most one second's worth of the quota leaves Redis at once. */
    int maxLease() {
        return (int) Math.max(1, quota / Math.max(1, window.toSeconds()));
    }
}
