package ai.materi.collab.room;

import ai.materi.collab.frame.SharedState;
import ai.materi.crdt.Doc;
import ai.materi.crdt.Updates;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The document of a room, as large as it may become, and its encoded states that are kept. */
final class LiveDocument {
    private static final Object FROM_LOG = new Object();

    private final Doc doc;
    private final int maxBytes;
    private final Consumer<byte[]> readFromLog;
    private final Newcomers newcomers = new Newcomers();
    private final List<byte[]> gathered = new ArrayList<>();
    private byte @Nullable [] state;
    private long bytes;

    /** @param readFromLog is told what updates of the log changed */
    LiveDocument(LoadedDocument loaded, int maxBytes, Consumer<byte[]> readFromLog) {
        this.doc = loaded.doc();
        this.bytes = loaded.bytes();
        this.maxBytes = maxBytes;
        this.readFromLog = readFromLog;
        doc.onUpdate((update, origin, local) -> changed(update, origin));
    }

    Doc doc() {
        return doc;
    }

    /** Roughly: what was loaded and what was added since. */
    long bytes() {
        return bytes;
    }

    void grew(int by) {
        bytes += by;
    }

    boolean tooLarge(int more) {
        if (bytes + more > maxBytes) {
            bytes = state().length;
        }
        return bytes + more > maxBytes;
    }

    void takeFromLog(byte[] update) {
        doc.applyUpdate(update, FROM_LOG);
    }

    void takeSnapshot(byte[] snapshot) {
        doc.applyUpdate(snapshot, FROM_LOG, Integer.MAX_VALUE);
    }

    byte[] state() {
        byte[] known = state;
        if (known == null) {
            known = doc.encodeState();
            state = known;
        }
        return known;
    }

    /** The state for all newcomers of a large document; null when it is small. What changed since goes ahead of it. */
    @Nullable
    SharedState stateForNewcomers() {
        SharedState shared = newcomers.state();
        if (shared == null && state().length >= Newcomers.LARGE) {
            shared = new SharedState(state());
            newcomers.keep(shared);
        }
        return shared;
    }

    byte @Nullable [] changedSinceThen() {
        return newcomers.since();
    }

    /** Called every few seconds. */
    void tick() {
        newcomers.tick();
    }

    /** What transactions change from now on is gathered. */
    void gather() {
        gathered.clear();
    }

    /** What the last transactions changed, as one update; null when nothing did. */
    byte @Nullable [] gathered() {
        byte[] all = gathered.isEmpty() ? null : Updates.merge(List.copyOf(gathered));
        gathered.clear();
        return all;
    }

    private void changed(byte[] update, @Nullable Object origin) {
        state = null;
        newcomers.changed(update);
        if (origin == FROM_LOG) {
            bytes += update.length;
            readFromLog.accept(update);
        } else {
            gathered.add(update);
        }
    }
}
