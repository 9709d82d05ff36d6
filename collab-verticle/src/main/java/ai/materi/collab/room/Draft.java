package ai.materi.collab.room;

import java.util.concurrent.ThreadLocalRandom;

/**
 * A live document as it stood when an edit was begun that is worked out elsewhere. All such edits of a loaded room are
 * written by one Yjs client, one after the other, so that state vectors do not grow with every edit; an edit that comes to
 * nothing leaves its clocks to the next one.
 *
 * @param author client id to write as
 */
public record Draft(EncodedState encoded, long author) {
    /** An update in Yjs format v1. Takes time, the first time: not for an event loop. */
    public byte[] state() {
        return encoded.bytes();
    }

    static long freshAuthor() {
        return ThreadLocalRandom.current().nextLong(1, 1L << 32);
    }
}
