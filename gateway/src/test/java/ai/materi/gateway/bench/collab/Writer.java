package ai.materi.gateway.bench.collab;

import ai.materi.collab.frame.FrameReader;
import ai.materi.collab.frame.Messages;
import ai.materi.crdt.Doc;
import ai.materi.crdt.StateVector;
import ai.materi.crdt.YText;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/** Somebody who types stamps at the end of a document that they have, and notes when each is acknowledged. */
final class Writer extends Editor {
    private static final int MOST_MESSAGE_BYTES = 1 << 24;
    /** Stands for a second step of its own, which is acknowledged as edits are. */
    private static final long ANSWER = Long.MIN_VALUE;

    private final Doc doc = new Doc();
    private final YText text = doc.text("content");
    private final Queue<Long> unacknowledged = new ArrayDeque<>();

    Writer(Reactor reactor, Load load, String document, int number, Measures measures, Consumer<Editor> whenReady)
            throws IOException {
        super(reactor, load, document, number, MOST_MESSAGE_BYTES, measures, whenReady);
        doc.onUpdate((update, origin, local) -> {
            if (local) {
                send(Messages.syncUpdate(update));
            }
        });
    }

    void type() {
        long now = System.nanoTime();
        unacknowledged.add(now);
        measures().sent(now, load().editors() - load().writers());
        text.insert(text.length(), Stamp.EDIT.now());
    }

    @Override
    void saw(int type, byte[] bytes, int from, int to) {
        switch (type) {
            case Messages.SYNC -> sync(reader(bytes, from, to));
            case Messages.SYNC_STATUS -> acknowledged(System.nanoTime());
            default -> {
                // Presence of others.
            }
        }
    }

    private void sync(FrameReader reader) {
        reader.type();
        if (reader.type() == Messages.SYNC_STEP_1) {
            unacknowledged.add(ANSWER);
            send(Messages.syncStep2(doc.encodeStateSince(StateVector.decode(reader.bytes()))));
        } else {
            update(reader.bytes());
        }
    }

    private void acknowledged(long now) {
        Long sent = unacknowledged.poll();
        if (sent != null && sent != ANSWER) {
            measures().arrived(measures().acknowledgements, sent, now);
        }
    }

    @Override
    void update(byte[] update) {
        doc.applyUpdate(update, this);
    }
}
