package ai.materi.collab.room;

import java.util.concurrent.ThreadLocalRandom;

/**
 * A live document as it stood when an edit was begun that is worked out elsewhere. All such edits of a loaded room are
 * written by one Yjs client, one after the other, so that state vectors do not grow with every edit; an edit that comes to
 * nothing leaves its clocks to the next one.
 *
 * @param state Yjs update format v1
 * @param author client id to write as
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Draft(byte[] state, long author) {
    static long freshAuthor() {
        return ThreadLocalRandom.current().nextLong(1, 1L << 32);
    }
}
