package ai.materi.gateway.limit;

/** What the limiter says to one request. */
public sealed interface Verdict {
    Policy policy();

    /**
     * Let through.
     *
     * @param remaining requests left, as known here
     * @param resetSeconds until the whole quota is there again
     */
    record Allowed(Policy policy, long remaining, long resetSeconds) implements Verdict {
        /** One item of {@code RateLimit}. */
        public String item() {
            return "\"" + policy.name() + "\";r=" + remaining + ";t=" + resetSeconds;
        }

        /** How much of the quota is left, 0 to 1. */
        public double share() {
            return (double) remaining / policy.quota();
        }
    }

    /** Over the limit; one request will be let through after {@code retrySeconds}, at least 1. */
    record Refused(Policy policy, long retrySeconds) implements Verdict {}

    /** Redis is away: nobody counts. */
    record Uncounted(Policy policy) implements Verdict {}
}
