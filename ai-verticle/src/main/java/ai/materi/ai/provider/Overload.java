package ai.materi.ai.provider;

import java.io.Serial;

/** The endpoint could not serve just now (408, 429, 5xx). */
final class Overload extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int status;
    private final long retryAfterMs;

    /** @param retryAfterMs as it asked for; -1 when it did not */
    Overload(int status, long retryAfterMs) {
        super("status " + status, null, false, false);
        this.status = status;
        this.retryAfterMs = retryAfterMs;
    }

    int status() {
        return status;
    }

    long retryAfterMs() {
        return retryAfterMs;
    }
}
