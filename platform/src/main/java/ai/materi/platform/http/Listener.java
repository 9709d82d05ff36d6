package ai.materi.platform.http;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.atomic.AtomicInteger;

/** One instance of the server, on one event loop. */
final class Listener extends VerticleBase {
    /** All instances with the same negative port share one that is free: for Vert.x, 0 would be one for each of them. */
    private static final int SHARED_FREE_PORT = -1;

    private final HttpServerOptions options;
    private final String host;
    private final AtomicInteger port;
    private final int configuredPort;
    private final Connections connections;
    private final Handler<HttpServerRequest> requests;

    /** @param port to listen on; becomes the one chosen when it is 0 */
    Listener(
            HttpServerOptions options,
            String host,
            AtomicInteger port,
            Connections connections,
            Handler<HttpServerRequest> requests) {
        this.options = options;
        this.host = host;
        this.port = port;
        this.configuredPort = port.get();
        this.connections = connections;
        this.requests = requests;
    }

    @Override
    public Future<?> start() {
        return vertx.createHttpServer(options)
                .connectionHandler(this::connected)
                .invalidRequestHandler(new InvalidRequest())
                .requestHandler(requests)
                .listen(configuredPort == 0 ? SHARED_FREE_PORT : configuredPort, host)
                .onSuccess(this::listening);
    }

    private void listening(HttpServer server) {
        port.set(server.actualPort());
    }

    private void connected(HttpConnection connection) {
        if (connections.enter()) {
            connection.closeHandler(closed -> connections.leave());
        } else {
            connection.close();
        }
    }
}
