package ai.materi.collab.clients;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** One client a Vert.x, kept: one that is collected closes its sockets. */
final class SocketClients {
    private static final int TRIES = 20;
    private static final int LARGEST = 64 * 1024 * 1024;
    /** The kernel may take 32 MiB for a reader that has stopped; a bound makes it felt after the same few bytes everywhere. */
    private static final int RECEIVE_BYTES = 256 * 1024;

    private static final Map<Vertx, WebSocketClient> CLIENTS = new ConcurrentHashMap<>();

    private SocketClients() {}

    /**
     * Handlers stand before the connection does, since the server speaks first; a server that has closed by the time they
     * are handed over is asked again, since only then there is a close code to see.
     *
     * @param listening puts them there
     */
    static <T> Future<T> connected(Vertx vertx, WebSocketConnectOptions options, Function<WebSocket, T> listening) {
        return connected(vertx, options, listening, TRIES);
    }

    private static <T> Future<T> connected(
            Vertx vertx, WebSocketConnectOptions options, Function<WebSocket, T> listening, int tries) {
        ClientWebSocket socket = of(vertx).webSocket();
        T client = listening.apply(socket);
        return socket.connect(options)
                .map(client)
                .recover(failure -> failure instanceof IllegalStateException && tries > 1
                        ? connected(vertx, options, listening, tries - 1)
                        : Future.failedFuture(failure));
    }

    private static WebSocketClient of(Vertx vertx) {
        return CLIENTS.computeIfAbsent(
                vertx,
                key -> key.createWebSocketClient(new WebSocketClientOptions()
                        .setMaxConnections(10_000)
                        .setReceiveBufferSize(RECEIVE_BYTES)
                        .setMaxFrameSize(LARGEST)
                        .setMaxMessageSize(LARGEST)));
    }
}
