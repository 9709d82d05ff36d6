package ai.materi.ai.provider;

import java.io.Serial;

/** The endpoint understood the request and refused it (4xx but 408 and 429): asking again would not help. */
final class Refusal extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int status;

    Refusal(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    String detail(String provider) {
        return "The provider '" + provider + "' refused with " + status + ": " + getMessage();
    }
}
