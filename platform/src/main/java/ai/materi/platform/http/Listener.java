package ai.materi.platform.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** The public server, which listens on several event loops. */
final class Listener {
    /** All instances with the same negative port share one that is free: for Vert.x, 0 would be one for each of them. */
    private static final int SHARED_FREE_PORT = -1;

    private final Vertx vertx;
    private final HttpServerOptions options;
    private final String host;
    private final AtomicInteger port;
    private final int configuredPort;
    private final Connections connections;
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
    private final Handler<HttpServerRequest> requests;

    /** @param port to listen on; becomes the one chosen when it is 0 */
    Listener(
            Vertx vertx,
            HttpServerOptions options,
            String host,
            AtomicInteger port,
            Connections connections,
            Handler<HttpServerRequest> requests) {
        this.vertx = vertx;
        this.options = options;
        this.host = host;
        this.port = port;
        this.configuredPort = port.get();
        this.connections = connections;
        this.requests = requests;
    }

    /** Lets one more event loop take connections. */
    Future<Void> start(Context loop) {
        Promise<Void> started = Promise.promise();
        loop.runOnContext(none -> listen().onComplete(started));
        return started.future();
    }

    private Future<Void> listen() {
        return vertx.createHttpServer(options)
                .connectionHandler(this::connected)
                .invalidRequestHandler(new InvalidRequest())
                .requestHandler(requests)
                .listen(configuredPort == 0 ? SHARED_FREE_PORT : configuredPort, host)
                .onSuccess(this::listening)
                .mapEmpty();
    }

    private void listening(HttpServer server) {
        servers.add(server);
        port.set(server.actualPort());
    }

    /** Takes no more connections, and ends those that are left. */
    Future<Void> close() {
        return Future.join(servers.stream().map(HttpServer::close).toList()).mapEmpty();
    }

    /** By its channel: a connection that becomes a WebSocket is told of its end no more. */
    private void connected(HttpConnection connection) {
        if (connections.enter()) {
            ((ConnectionBase) connection).channel().closeFuture().addListener(closed -> connections.leave());
        } else {
            connection.close();
        }
    }
}
