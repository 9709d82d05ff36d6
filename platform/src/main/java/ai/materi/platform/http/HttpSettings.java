package ai.materi.platform.http;

import ai.materi.platform.config.Settings;
import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The section {@code http} of the configuration.
 *
 * @param eventLoops instances of the server, at least 1
 * @param maxHeader bytes of all header fields of a request together
 * @param maxFrame bytes of a WebSocket frame
 * @param maxMessage bytes of a WebSocket message
 * @param maxConnections at a time on this node; more are closed at once
 */
record HttpSettings(
        String host,
        int port,
        int eventLoops,
        Duration idleTimeout,
        int maxHeader,
        int maxFrame,
        int maxMessage,
        int maxConnections,
        List<String> corsOrigins,
        List<String> websocketOrigins) {
    /** What a client that brings its token as a subprotocol is answered with, since it has to be answered with one. */
    private static final String SUBPROTOCOL = "materi";

    /** A target longer than this is 414. */
    private static final int MAX_REQUEST_LINE = 8192;

    static HttpSettings of(Settings http) {
        int loops = http.integer("event_loops", 0, 64);
        return new HttpSettings(
                http.string("host"),
                http.integer("port", 0, 65535),
                loops == 0 ? Runtime.getRuntime().availableProcessors() : loops,
                http.duration("idle_timeout"),
                http.bytes("max_header"),
                http.bytes("max_websocket_frame"),
                http.bytes("max_websocket_message"),
                http.integer("max_connections", 1, 1_000_000),
                http.strings("cors_origins"),
                http.strings("websocket_origins"));
    }

    /**
     * The defaults of Vert.x that do not suit a public port: no idle timeout, WebSocket compression on (61 kB inflated to
     * 63 MB past the size check), HTTP/2 over clear text (a second protocol that no client here needs).
     */
    HttpServerOptions serverOptions() {
        return new HttpServerOptions()
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout(Math.toIntExact(idleTimeout.toMillis()))
                .setMaxHeaderSize(maxHeader)
                .setMaxInitialLineLength(MAX_REQUEST_LINE)
                .setMaxWebSocketFrameSize(maxFrame)
                .setMaxWebSocketMessageSize(maxMessage)
                .setWebSocketSubProtocols(List.of(SUBPROTOCOL))
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setDecompressionSupported(false)
                .setHttp2ClearTextEnabled(false)
                .setHandle100ContinueAutomatically(true)
                .setTcpNoDelay(true)
                .setReuseAddress(true);
    }
}
