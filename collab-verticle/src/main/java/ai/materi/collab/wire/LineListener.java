package ai.materi.collab.wire;

import io.vertx.core.buffer.Buffer;

/** The protocol spoken on a line; called on its loop. */
interface LineListener {
    /** One whole message. May throw {@link ai.materi.collab.frame.MalformedFrameException}. */
    void message(Buffer message);

    /** Every few seconds. */
    void tick(long nowMs);

    /** The line is of no use any more; whatever hangs on it is to be let go. Called once. */
    void gone();
}
