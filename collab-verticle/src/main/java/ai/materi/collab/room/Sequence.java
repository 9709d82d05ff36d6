package ai.materi.collab.room;

import java.util.Map;
import java.util.TreeMap;

/** Which log entries a room holds: everything up to one number, and islands beyond it. */
final class Sequence {
    private final TreeMap<Long, Long> ahead = new TreeMap<>();
    private long reached;

    Sequence(long reached) {
        this.reached = reached;
    }

    /** Everything up to here is in the document. */
    long reached() {
        return reached;
    }

    /** Whether something is missing before what is known to be there. */
    boolean gap() {
        return !ahead.isEmpty();
    }

    /** Entries {@code first} to {@code last} are in the document. */
    void add(long first, long last) {
        if (first > reached + 1) {
            ahead.merge(first, last, Math::max);
        } else {
            reach(last);
        }
    }

    /** Everything up to {@code last} is in the document. */
    void reach(long last) {
        reached = Math.max(reached, last);
        Map.Entry<Long, Long> next = ahead.firstEntry();
        while (next != null && next.getKey() <= reached + 1) {
            ahead.pollFirstEntry();
            reached = Math.max(reached, next.getValue());
            next = ahead.firstEntry();
        }
    }
}
