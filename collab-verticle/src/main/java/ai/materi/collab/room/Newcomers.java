package ai.materi.collab.room;

import ai.materi.collab.frame.SharedState;
import ai.materi.crdt.Updates;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What clients that have nothing of a large document are sent: a state that was encoded once, and what changed since. The
 * changes go ahead, as one update: a client keeps them until the state brings what they build on, and has all of it in the
 * same moment. So an edit between two joins costs the second one an update, not another walk over the document.
 */
final class Newcomers {
    /** A smaller document is encoded again after each change. */
    static final int LARGE = 256 * 1024;

    private static final int UPDATES_SINCE = 1_000;
    private static final int SHARE_SINCE = 16;

    private final List<byte[]> since = new ArrayList<>();
    private @Nullable SharedState state;
    private long bytesSince;
    private boolean asked;

    /** Null when there is none, or too much has changed since it was made. */
    @Nullable
    SharedState state() {
        asked = true;
        return state;
    }

    void keep(SharedState made) {
        forget();
        state = made;
    }

    /** What changed since the state was made; null when nothing did. */
    byte @Nullable [] since() {
        if (since.size() > 1) {
            byte[] merged = Updates.merge(List.copyOf(since));
            since.clear();
            since.add(merged);
            bytesSince = merged.length;
        }
        return since.isEmpty() ? null : since.get(0);
    }

    void changed(byte[] update) {
        if (state == null) {
            return;
        }
        since.add(update);
        bytesSince += update.length;
        if (since.size() > UPDATES_SINCE || bytesSince > state.size() / SHARE_SINCE) {
            forget();
        }
    }

    /** Called every few seconds: what nobody asked for meanwhile leaves memory. */
    void tick() {
        if (!asked) {
            forget();
        }
        asked = false;
    }

    private void forget() {
        state = null;
        since.clear();
        bytesSince = 0;
    }
}
