package ai.materi.collab.clients;

import ai.materi.collab.frame.FrameReader;
import ai.materi.collab.frame.Messages;
import ai.materi.crdt.Doc;
import ai.materi.crdt.StateVector;
import ai.materi.platform.node.Await;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** An editor on the y-websocket wire, with a document of its own. */
public final class YjsClient {
    private final Doc doc = new Doc();
    private final WebSocket socket;
    private final AtomicInteger answers = new AtomicInteger();
    private volatile int closeCode = -1;
    private final Presences presences = new Presences();
    private volatile boolean stops;

    private YjsClient(WebSocket socket) {
        this.socket = socket;
        doc.onUpdate((update, origin, local) -> {
            if (local) {
                socket.writeFinalBinaryFrame(Messages.syncUpdate(update));
            }
        });
        socket.binaryMessageHandler(this::received);
        socket.closeHandler(none -> closeCode = socket.closeStatusCode() == null ? 1006 : socket.closeStatusCode());
    }

    static YjsClient open(Vertx vertx, int port, String document, String token) {
        WebSocketConnectOptions options = new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI("/yjs/" + document + "?token=" + token);
        YjsClient client = Await.result(SocketClients.connected(vertx, options, YjsClient::new));
        client.askForState();
        Await.until("the client is in sync", () -> client.answers.get() > 0 || client.closeCode >= 0);
        return client;
    }

    public synchronized void insert(int index, String text) {
        doc.text("content").insert(index, text);
    }

    public synchronized void delete(int index, int length) {
        doc.text("content").delete(index, length);
    }

    public synchronized String text() {
        return doc.text("content").toString();
    }

    public synchronized <T> T with(Function<Doc, T> work) {
        return work.apply(doc);
    }

    /** Asks for what is missing; the answer means that everything sent before is committed. */
    public synchronized void askForState() {
        socket.writeFinalBinaryFrame(Messages.syncStep1(doc.stateVector().encode()));
    }

    /** How many questions were answered. */
    public int answers() {
        return answers.get();
    }

    /** Returns when everything typed so far is committed. */
    public void awaitSaved() {
        int before = answers.get();
        askForState();
        Await.until("the question is answered", () -> answers.get() > before);
    }

    public void awaitText(String text) {
        Await.until("the text is: " + text, () -> text().equals(text));
    }

    /**
     * Waits for what a client says of itself.
     *
     * @param part of the state; "null" once it has left
     */
    public void awaitPresence(long clientId, String part) {
        presences.await(clientId, part);
    }

    public int awaitClose() {
        Await.until("the socket is closed", () -> closeCode >= 0);
        return closeCode;
    }

    public boolean isOpen() {
        return closeCode < 0;
    }

    public void send(Buffer message) {
        socket.writeFinalBinaryFrame(message);
    }

    public void close() {
        Await.result(socket.close());
    }

    /** Reads no more from the next message on; said on the socket's own loop, where nothing is read meanwhile. */
    public void stopReading() {
        stops = true;
    }

    public void readOn() {
        stops = false;
        socket.resume();
    }

    private synchronized void received(Buffer message) {
        if (stops) {
            socket.pause();
        }
        FrameReader reader = new FrameReader(message);
        int type = reader.type();
        if (type == Messages.AWARENESS) {
            presences.received(reader);
        }
        if (type != Messages.SYNC) {
            return;
        }
        int step = reader.type();
        byte[] payload = reader.bytes();
        if (step == Messages.SYNC_STEP_1) {
            socket.writeFinalBinaryFrame(Messages.syncStep2(doc.encodeStateSince(StateVector.decode(payload))));
            return;
        }
        doc.applyUpdate(payload, this);
        if (step == Messages.SYNC_STEP_2) {
            answers.incrementAndGet();
        }
    }
}
