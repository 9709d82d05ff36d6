package ai.materi.auth.tokens;

import java.io.Serial;

/** Something sealed cannot be opened with this key. */
public final class BrokenSealException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    BrokenSealException(String purpose) {
        super("Sealed with another key, or damaged: " + purpose);
    }
}
