package ai.materi.platform.http;

import ai.materi.platform.config.Settings;
import ai.materi.platform.config.TestSettings;
import ai.materi.platform.node.Await;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A door on free ports of loopback, and ways to knock at it. */
final class OpenDoor implements AutoCloseable {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    final Vertx vertx = Vertx.vertx();
    final AtomicBoolean draining = new AtomicBoolean();
    final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    final Degradation degradation = Degradation.create(vertx, meters);
    volatile Readiness readiness = new Readiness(true, Map.of("postgres", "up"));
    final HttpDoor door;

    OpenDoor(Map<String, String> overrides, Consumer<OpenDoor> mounting, String... roles) {
        this(overrides, List.of(roles));
        mounting.accept(this);
        try {
            Await.result(door.open());
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private OpenDoor(Map<String, String> overrides, List<String> roles) {
        Map<String, String> all = new HashMap<>(
                Map.of("http.port", "0", "operator.port", "0", "http.event_loops", "2", "http.host", "127.0.0.1"));
        all.putAll(overrides);
        Settings settings = TestSettings.with(Path.of("target", "door-data"), all);
        this.door = HttpDoor.create(
                vertx,
                settings.section("http"),
                settings.section("operator"),
                new HttpDoor.Surroundings(
                        roles, () -> Future.succeededFuture(readiness), draining::get, degradation, meters));
    }

    HttpResponse<String> get(String path, String... headers) {
        return send(HttpRequest.newBuilder(), door.port(), path, headers);
    }

    HttpResponse<String> getFromOperator(String path) {
        return send(HttpRequest.newBuilder(), door.operatorPort(), path);
    }

    HttpResponse<String> send(HttpRequest.Builder request, String path, String... headers) {
        return send(request, door.port(), path, headers);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request, int port, String path, String... headers) {
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return CLIENT.send(
                    request.uri(URI.create("http://127.0.0.1:" + port + path)).build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Everything that the server answers to these bytes until it hangs up. */
    String raw(String bytes) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static JsonObject json(HttpResponse<String> response) {
        return new JsonObject(response.body());
    }

    @Override
    public void close() {
        Await.result(vertx.close());
    }
}
