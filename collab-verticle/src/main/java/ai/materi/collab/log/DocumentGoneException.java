package ai.materi.collab.log;

import java.io.Serial;
import java.util.UUID;

/** The document has no row, so nothing can be appended to it. */
public final class DocumentGoneException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    DocumentGoneException(UUID documentId) {
        super("no document " + documentId, null, false, false);
    }
}
