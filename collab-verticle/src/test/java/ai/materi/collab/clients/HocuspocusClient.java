package ai.materi.collab.clients;

import ai.materi.collab.frame.FrameReader;
import ai.materi.collab.frame.FrameWriter;
import ai.materi.collab.frame.Messages;
import ai.materi.crdt.Doc;
import ai.materi.crdt.StateVector;
import ai.materi.platform.node.Await;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** An editor on the Hocuspocus wire: one document on a socket of its own, counting like a provider what is not saved. */
public final class HocuspocusClient {
    private final Doc doc = new Doc();
    private final String name;
    private final RawSocket socket;
    private final List<String> scopes = new ArrayList<>();
    private int unsaved;
    private int refusedEdits;
    private int questions;
    private boolean synced;
    private String denied = "";
    private String ended = "";
    private final List<String> heard = new ArrayList<>();
    private int tokenRequests;
    private final Presences presences = new Presences();
    private volatile boolean stops;

    private HocuspocusClient(RawSocket socket, String name) {
        this.socket = socket;
        this.name = name;
        socket.socket().binaryMessageHandler(this::received);
        doc.onUpdate((update, origin, local) -> {
            if (local) {
                unsaved++;
                send(Messages.syncUpdate(update));
            }
        });
    }

    static HocuspocusClient open(Vertx vertx, int port, String document, String token) {
        HocuspocusClient client = new HocuspocusClient(RawSocket.open(vertx, port, "/collab"), document);
        client.authenticate(token);
        client.startSync();
        Await.until(
                "the client is in sync and asked for what it has",
                () -> (client.isSynced() && client.questions() > 0)
                        || !client.denied().isEmpty());
        return client;
    }

    public synchronized void authenticate(String token) {
        send(new FrameWriter(64)
                .varUint(Messages.AUTH)
                .varUint(Messages.AUTH_TOKEN)
                .string(token)
                .string("4.8.0")
                .toBuffer());
    }

    public synchronized void startSync() {
        unsaved = 1;
        send(Messages.syncStep1(doc.stateVector().encode()));
    }

    public synchronized void insert(int index, String text) {
        doc.text("content").insert(index, text);
    }

    public synchronized String text() {
        return doc.text("content").toString();
    }

    public synchronized int length() {
        return doc.text("content").length();
    }

    public void send(Buffer message) {
        socket.send(Messages.named(name, message));
    }

    public RawSocket socket() {
        return socket;
    }

    public synchronized boolean isSynced() {
        return synced;
    }

    /** Edits, and the answer to the server's question, that were not acknowledged. */
    public synchronized int unsaved() {
        return unsaved;
    }

    public synchronized int refusedEdits() {
        return refusedEdits;
    }

    /** How often the server asked what the client has. */
    public synchronized int questions() {
        return questions;
    }

    public synchronized String denied() {
        return denied;
    }

    /** The reason of a CLOSE message; empty before one. */
    public synchronized String ended() {
        return ended;
    }

    public synchronized List<String> scopes() {
        return List.copyOf(scopes);
    }

    public void awaitSaved() {
        Await.until("everything is saved", () -> unsaved() == 0);
    }

    public void forgetPresence() {
        presences.forget();
    }

    public void say(String words) {
        send(Messages.stateless(words.getBytes(StandardCharsets.UTF_8)));
    }

    /** Stateless messages that came. */
    public synchronized List<String> heard() {
        return List.copyOf(heard);
    }

    /** How often the server asked for a newer token. */
    public synchronized int tokenRequests() {
        return tokenRequests;
    }

    /**
     * Waits for what a client says of itself.
     *
     * @param part of the state; "null" once it has left
     */
    public void awaitPresence(long clientId, String part) {
        presences.await(clientId, part);
    }

    public void awaitText(String text) {
        Await.until("the text is: " + text, () -> text().equals(text));
    }

    /** As {@link YjsClient#stopReading()}. */
    public void stopReading() {
        stops = true;
    }

    public void readOn() {
        stops = false;
        socket.socket().resume();
    }

    private synchronized void received(Buffer message) {
        if (stops) {
            socket.socket().pause();
        }
        FrameReader reader = new FrameReader(message);
        if (!reader.string(256).equals(name)) {
            throw new AssertionError("a message of another document");
        }
        switch (reader.type()) {
            case Messages.SYNC -> sync(reader);
            case Messages.AUTH -> auth(reader);
            case Messages.SYNC_STATUS -> status(reader.varUint() == 1);
            case Messages.CLOSE -> ended = reader.string(256);
            case Messages.AWARENESS -> presences.received(reader);
            case Messages.STATELESS -> heard.add(reader.string(1_000_000));
            default -> throw new AssertionError("a provider does not know this message");
        }
    }

    private void sync(FrameReader reader) {
        int step = reader.type();
        byte[] payload = reader.bytes();
        if (step == Messages.SYNC_STEP_1) {
            questions++;
            send(Messages.syncStep2(doc.encodeStateSince(StateVector.decode(payload))));
        } else {
            doc.applyUpdate(payload, this);
            synced |= step == Messages.SYNC_STEP_2;
        }
    }

    private void auth(FrameReader reader) {
        int type = reader.type();
        if (type == Messages.AUTH_TOKEN) {
            tokenRequests++;
        } else if (type == Messages.AUTH_DENIED) {
            denied = reader.string(256);
        } else if (type == Messages.AUTH_DONE) {
            scopes.add(reader.string(256));
        }
    }

    private void status(boolean saved) {
        if (saved) {
            unsaved--;
        } else {
            refusedEdits++;
        }
    }
}
