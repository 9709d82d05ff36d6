package ai.materi.collab.clients;

import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One client a Vert.x, kept: one that is collected closes its sockets. */
final class SocketClients {
    private static final int LARGEST = 64 * 1024 * 1024;
    /** The kernel may take 32 MiB for a reader that has stopped; a bound makes it felt after the same few bytes everywhere. */
    private static final int RECEIVE_BYTES = 256 * 1024;

    private static final Map<Vertx, WebSocketClient> CLIENTS = new ConcurrentHashMap<>();

    private SocketClients() {}

    static WebSocketClient of(Vertx vertx) {
        return CLIENTS.computeIfAbsent(
                vertx,
                key -> key.createWebSocketClient(new WebSocketClientOptions()
                        .setMaxConnections(10_000)
                        .setReceiveBufferSize(RECEIVE_BYTES)
                        .setMaxFrameSize(LARGEST)
                        .setMaxMessageSize(LARGEST)));
    }
}
