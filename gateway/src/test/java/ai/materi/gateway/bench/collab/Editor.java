package ai.materi.gateway.bench.collab;

import ai.materi.collab.frame.FrameReader;
import ai.materi.collab.frame.FrameWriter;
import ai.materi.collab.frame.Messages;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Consumer;

/** One document on a socket of its own, from the greeting to its second step; what comes after that is up to who it is. */
abstract class Editor implements SkimmingSocket.Listener {
    private static final byte[] NOTHING = {0, 0};
    private static final int MOST_TEXT_BYTES = 256;

    private final Load load;
    private final String document;
    private final int number;
    private final Measures measures;
    private final Consumer<Editor> whenReady;
    private final SkimmingSocket socket;
    private final long began = System.nanoTime();
    private long readyNanos;
    private int moves;

    /**
     * @param number of this editor, from 0, in its document
     * @param keep bytes of a message that it sees
     */
    Editor(
            Reactor reactor,
            Load load,
            String document,
            int number,
            int keep,
            Measures measures,
            Consumer<Editor> whenReady)
            throws IOException {
        this.load = load;
        this.document = document;
        this.number = number;
        this.measures = measures;
        this.whenReady = whenReady;
        this.socket = new SkimmingSocket(reactor, load.server(), keep, this);
    }

    /** A message after the second step, of which a type is known. */
    abstract void saw(int type, byte[] bytes, int from, int to) throws IOException;

    /** The second step, or an update that came before it. */
    abstract void update(byte[] update);

    final Load load() {
        return load;
    }

    final Measures measures() {
        return measures;
    }

    /** From the begin of connecting to the second step. */
    final long openedInNanos() {
        return readyNanos - began;
    }

    final void send(Buffer message) {
        try {
            socket.send(Messages.named(document, message).getBytes());
        } catch (IOException broken) {
            socket.end(String.valueOf(broken.getMessage()));
        }
    }

    @Override
    public final void opened() {
        send(new FrameWriter(64)
                .varUint(Messages.AUTH)
                .varUint(Messages.AUTH_TOKEN)
                .string(load.token())
                .string("4.8.0")
                .toBuffer());
        send(Messages.syncStep1(new byte[] {0}));
    }

    @Override
    public final void message(byte[] bytes, int from, int to) throws IOException {
        if (readyNanos != 0) {
            saw(bytes[from + 1 + document.length()], bytes, from, to);
            return;
        }
        FrameReader reader = reader(bytes, from, to);
        switch (reader.type()) {
            case Messages.AUTH -> admitted(reader);
            case Messages.SYNC -> opening(reader);
            default -> {
                // Presence and the like, before there is a document to look at.
            }
        }
    }

    private void admitted(FrameReader reader) {
        if (reader.type() == Messages.AUTH_DENIED) {
            throw new IllegalStateException("refused: " + reader.string(MOST_TEXT_BYTES));
        }
    }

    private void opening(FrameReader reader) {
        int step = reader.type();
        if (step == Messages.SYNC_STEP_1) {
            send(Messages.syncStep2(NOTHING));
            return;
        }
        update(reader.bytes());
        if (step == Messages.SYNC_STEP_2) {
            readyNanos = System.nanoTime();
            whenReady.accept(this);
        }
    }

    /** At the type of a message. */
    static FrameReader reader(byte[] bytes, int from, int to) {
        FrameReader reader = new FrameReader(Buffer.buffer(Arrays.copyOfRange(bytes, from, to)));
        reader.skipBytes();
        return reader;
    }

    @Override
    public final void ended(String why) {
        measures.closed();
        if (readyNanos == 0) {
            throw new IllegalStateException("a socket that was to open a document: " + why);
        }
    }

    /** A state as y-prosemirror writes it, and a stamp. */
    final void moveCursor() {
        long client = 1_000_000_000L + number;
        String place = "{\"type\":null,\"tname\":\"default\",\"item\":{\"client\":%d,\"clock\":12345},\"assoc\":0}"
                .formatted(client);
        String state = "{\"user\":{},\"cursor\":{\"anchor\":" + place + ",\"head\":" + place + "},\"at\":\""
                + Stamp.CURSOR.now() + "\"}";
        send(Messages.awareness(new FrameWriter(state.length() + 16)
                .varUint(1)
                .varUint(client)
                .varUint(++moves)
                .string(state)
                .toBytes()));
    }
}
