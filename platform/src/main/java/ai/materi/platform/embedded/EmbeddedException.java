package ai.materi.platform.embedded;

import java.io.Serial;

/** An embedded service that cannot run; the message is one line that says what to do. */
public final class EmbeddedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    EmbeddedException(String message) {
        super(message);
    }

    EmbeddedException(String message, Throwable cause) {
        super(message, cause);
    }
}
