package ai.materi.gateway.limit;

/** What the limiter says to one request. */
public sealed interface Verdict {
    Policy policy();

    /** How much of the quota is left, 0 to 1. */
    double share();

    /** One item of {@code RateLimit}. */
    String item();

    /**
     * Let through.
     *
     * @param remaining requests left, as known here
     * @param resetSeconds until the whole quota is there again
     */
    record Allowed(Policy policy, long remaining, long resetSeconds) implements Verdict {
        @Override
        public double share() {
            return (double) remaining / policy.quota();
        }

        @Override
        public String item() {
            return "\"" + policy.name() + "\";r=" + remaining + ";t=" + resetSeconds;
        }
    }

    /** Over the limit; one request will be let through after {@code retrySeconds}, at least 1. */
    record Refused(Policy policy, long retrySeconds) implements Verdict {
        @Override
        public double share() {
            return -1;
        }

        @Override
        public String item() {
            return "\"" + policy.name() + "\";r=0;t=" + retrySeconds;
        }
    }

    /** Redis is away: nobody counts. */
    record Uncounted(Policy policy) implements Verdict {
        @Override
        public double share() {
            return 1;
        }

        @Override
        public String item() {
            return "";
        }
    }
}
