package ai.materi.collab.room;

import ai.materi.crdt.Updates;
import java.util.ArrayList;
import java.util.List;

/** Updates that came after a state was encoded. Every so many become one. */
final class Tail {
    private static final int APART = 32;

    private final List<byte[]> updates = new ArrayList<>();
    private int merged;
    private long bytes;

    void add(byte[] update) {
        updates.add(update);
        bytes += update.length;
    }

    long bytes() {
        return bytes;
    }

    /** How many came, since it was read last. */
    int unread() {
        return updates.size() - merged;
    }

    /** A few updates that say what all of them say. */
    List<byte[]> read() {
        if (updates.size() > APART) {
            byte[] all = Updates.merge(List.copyOf(updates));
            updates.clear();
            updates.add(all);
            bytes = all.length;
        }
        merged = updates.size();
        return List.copyOf(updates);
    }
}
