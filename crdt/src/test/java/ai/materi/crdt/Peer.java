package ai.materi.crdt;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Somebody in a history: a document, what is on its way to it, and what it announced. */
final class Peer {
    /** An update in both formats. */
    static final class Sent {
        final byte[] v1;
        final byte[] v2;

        Sent(byte[] v1, byte[] v2) {
            this.v1 = v1;
            this.v2 = v2;
        }
    }

    final int number;
    final Doc doc;
    final List<Sent> inbox = new ArrayList<>();
    /** What its document announced since it was last forgotten. */
    final List<byte[]> emitted = new ArrayList<>();

    final List<byte[]> emittedV2 = new ArrayList<>();
    /** The places among these of what was not received: a connection passes it on. */
    final List<Integer> own = new ArrayList<>();

    final SeenEvents events = new SeenEvents();
    boolean isOnline = true;

    @Nullable
    UndoManager manager;

    Peer(int number, Doc doc) {
        this.number = number;
        this.doc = doc;
        if (number % 2 == 0) {
            // Builds its index of positions almost at once, of small chunks.
            doc.store().positions = new PositionIndex(doc.store(), 2, 4, 8);
        }
        doc.onUpdate((update, origin, local) -> {
            if (local) {
                own.add(emitted.size());
            }
            emitted.add(update);
        });
        doc.onUpdateV2((update, origin, local) -> emittedV2.add(update));
    }

    void forgetEmitted() {
        emitted.clear();
        emittedV2.clear();
        own.clear();
    }
}
