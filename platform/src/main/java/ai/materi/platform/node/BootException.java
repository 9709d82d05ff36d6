package ai.materi.platform.node;

import java.io.Serial;

/** A start that ended; the message is for the person who started it, a line for each fault. */
public final class BootException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    BootException(String message, Throwable cause) {
        super(message, cause);
    }
}
