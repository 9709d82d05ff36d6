package ai.materi.platform.config;

import java.io.Serial;

/** A setting that stops the boot; the message names file, line, key and what to write instead. */
public final class ConfigException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    public ConfigException(String message) {
        super(message);
    }

    public ConfigException(String message, Throwable cause) {
        super(message, cause);
    }
}
