package ai.materi.collab.frame;

import java.io.Serial;

/** Bytes that are no message of the wire. An answer to the sender, not a defect: it carries no stack trace. */
public final class MalformedFrameException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    public MalformedFrameException(String what) {
        super(what, null, false, false);
    }
}
