package ai.materi.collab.clients;

import ai.materi.platform.node.Await;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A WebSocket that sends what it is given and keeps what it receives. */
public final class RawSocket {
    private final WebSocket socket;
    private final List<Buffer> received = new ArrayList<>();
    private volatile int closeCode = -1;
    private volatile boolean stops;

    private RawSocket(WebSocket socket) {
        this.socket = socket;
        socket.binaryMessageHandler(this::add);
        socket.closeHandler(none -> closeCode = socket.closeStatusCode() == null ? 1006 : socket.closeStatusCode());
    }

    public static RawSocket open(Vertx vertx, int port, String path) {
        return open(vertx, port, path, Map.of(), List.of());
    }

    public static RawSocket open(
            Vertx vertx, int port, String path, Map<String, String> headers, List<String> protocols) {
        return Await.result(connect(vertx, port, path, headers, protocols));
    }

    /** Fails when the upgrade is refused. */
    public static Future<RawSocket> connect(
            Vertx vertx, int port, String path, Map<String, String> headers, List<String> protocols) {
        WebSocketConnectOptions options =
                new WebSocketConnectOptions().setHost("127.0.0.1").setPort(port).setURI(path);
        headers.forEach(options::addHeader);
        protocols.forEach(options::addSubProtocol);
        return SocketClients.connected(vertx, options, RawSocket::new);
    }

    public WebSocket socket() {
        return socket;
    }

    public RawSocket send(Buffer message) {
        socket.writeFinalBinaryFrame(message);
        return this;
    }

    public RawSocket send(int... bytes) {
        return send(buffer(bytes));
    }

    public static Buffer buffer(int... bytes) {
        Buffer buffer = Buffer.buffer();
        for (int value : bytes) {
            buffer.appendByte((byte) value);
        }
        return buffer;
    }

    public synchronized List<Buffer> received() {
        return List.copyOf(received);
    }

    /** The first message of that kind, once it is there. */
    public Buffer await(String what, Predicate<Buffer> kind) {
        Await.until(what, () -> closeCode >= 0 || received().stream().anyMatch(kind));
        return received().stream()
                .filter(kind)
                .findFirst()
                .orElseThrow(() -> new AssertionError("closed with " + closeCode + " before " + what));
    }

    /** The code with which it was closed, once it is. */
    public int awaitClose() {
        Await.until("the socket is closed", () -> closeCode >= 0);
        return closeCode;
    }

    public @Nullable Integer closeCode() {
        return closeCode < 0 ? null : closeCode;
    }

    public void close() {
        Await.result(socket.close());
    }

    /** Reads no more from the next message on; said on the socket's own loop, where nothing is read meanwhile. */
    public void stopReading() {
        stops = true;
    }

    private synchronized void add(Buffer message) {
        received.add(message);
        if (stops) {
            socket.pause();
        }
    }
}
