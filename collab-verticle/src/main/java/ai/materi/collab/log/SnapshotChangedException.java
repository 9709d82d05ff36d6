package ai.materi.collab.log;

import java.io.Serial;

/** Somebody else stored a snapshot meanwhile; rolls the transaction back. */
final class SnapshotChangedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    SnapshotChangedException() {
        super("another compaction was faster", null, false, false);
    }
}
