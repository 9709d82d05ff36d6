package ai.materi.gateway.bench.collab;

import ai.materi.collab.frame.Messages;
import java.io.IOException;
import java.util.function.Consumer;

/** Somebody who notes when they see an edit, and knows nothing of the document. */
final class Reader extends Editor {
    /** Enough for many edits in one message, and for all cursors of a thousand. */
    private static final int EDIT_BYTES = 4096;

    private static final int CURSOR_BYTES = 1 << 20;

    private final boolean looks;

    /** @param looks whether it notes cursors too: that a few do is enough, and leaves the server more */
    Reader(
            Reactor reactor,
            Load load,
            String document,
            int number,
            boolean looks,
            Measures measures,
            Consumer<Editor> whenReady)
            throws IOException {
        super(reactor, load, document, number, looks ? CURSOR_BYTES : EDIT_BYTES, measures, whenReady);
        this.looks = looks;
    }

    @Override
    void saw(int type, byte[] bytes, int from, int to) {
        long now = System.nanoTime();
        if (type != Messages.AWARENESS) {
            Stamp.EDIT.in(bytes, from, to, sent -> measures().arrived(measures().edits, sent, now));
        } else if (looks) {
            Stamp.CURSOR.in(bytes, from, to, sent -> measures().arrived(measures().presence, sent, now));
        }
    }

    @Override
    void update(byte[] update) {
        // It has no document to apply it to.
    }
}
