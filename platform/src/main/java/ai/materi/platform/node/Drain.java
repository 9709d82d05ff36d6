package ai.materi.platform.node;

import io.vertx.core.Future;
import java.util.function.Supplier;

/** The orderly end: readiness turns first, then every step runs, in order of its phase, within 10 s altogether. */
public final class Drain {
    /** In this order. */
    public enum Phase {
        /** Tell sockets and streams to go elsewhere. */
        DISMISS,
        /** Finish and commit what was accepted. */
        FLUSH
    }

    public boolean draining() {
        throw new UnsupportedOperationException();
    }

    public void register(Phase phase, String name, Supplier<Future<Void>> step) {
        throw new UnsupportedOperationException();
    }
}
