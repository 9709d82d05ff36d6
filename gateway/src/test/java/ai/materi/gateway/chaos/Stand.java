package ai.materi.gateway.chaos;

import ai.materi.platform.node.FreePorts;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** PostgreSQL, Redis and up to three nodes of one cluster, each a process of its own. */
final class Stand implements AutoCloseable {
    static final int NODES = 3;

    private static final int LARGEST_FRAME = 16 << 20;
    /** The kernel may take 32 MiB for a reader that has stopped. */
    private static final int RECEIVE_BYTES = 64 << 10;

    private static final int PORTS = 5;

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http = HttpClient.newHttpClient();
    private final WebSocketClient sockets = vertx.createWebSocketClient(new WebSocketClientOptions()
            .setMaxConnections(1000)
            .setReceiveBufferSize(RECEIVE_BYTES)
            .setMaxFrameSize(LARGEST_FRAME)
            .setMaxMessageSize(LARGEST_FRAME));
    private final Path data;
    private final StoredServices services;
    private final List<ChaosNode> nodes = new ArrayList<>();

    /**
     * Starts the services; nodes start when they are needed.
     *
     * @param home where {@code ./materi} is
     * @param data for what the nodes keep
     * @param servicesData for PostgreSQL and Redis
     */
    Stand(Path home, Path data, Path servicesData) throws IOException {
        this.data = data;
        services = new StoredServices(vertx, servicesData);
        List<Integer> free = FreePorts.take(NODES * PORTS);
        List<ChaosNode.Ports> ports = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            List<Integer> own = free.subList(i * PORTS, (i + 1) * PORTS);
            ports.add(new ChaosNode.Ports(own.get(0), own.get(1), own.get(2), own.get(3), own.get(4)));
        }
        Map<String, String> settings = settings(ports);
        for (int i = 0; i < NODES; i++) {
            int number = i + 1;
            Path folder = data.resolve("node-" + number);
            nodes.add(new ChaosNode(vertx, home, folder, number, ports.get(i), settings, services));
        }
    }

    /** Bounds so small that a run of a few seconds comes to them. */
    private static Map<String, String> settings(List<ChaosNode.Ports> ports) {
        Map<String, String> settings = new TreeMap<>(Map.of(
                "MATERI_JAVA_OPTS", "-Xmx256m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
                "MATERI_AUTH_KEY_ENCRYPTION_KEY", Base64.getEncoder().encodeToString(new byte[32]),
                "MATERI_AUTH_ACCESS_TOKEN_TTL", "1h",
                "MATERI_COLLAB_LOG_COMPACT_ROWS", "100",
                "MATERI_COLLAB_LOG_QUEUE_ENTRIES", "250",
                "MATERI_COLLAB_WIRE_SEND_BYTES", "256kB",
                "MATERI_CLUSTER_MEMBERS",
                        ports.stream().map(own -> "127.0.0.1:" + own.cluster()).collect(Collectors.joining(","))));
        Stream.of("ADDRESS", "USER", "WORKSPACE", "SIGN_IN", "ACCOUNT")
                .forEach(who -> settings.put("MATERI_API_LIMITS_" + who + "_PER_MINUTE", "1000000"));
        return settings;
    }

    Vertx vertx() {
        return vertx;
    }

    WebSocketClient sockets() {
        return sockets;
    }

    /** Where its nodes keep what they have. */
    Path folder() {
        return data;
    }

    StoredServices services() {
        return services;
    }

    /** @param number from 1 */
    ChaosNode node(int number) {
        return nodes.get(number - 1);
    }

    /** The first so many nodes run and are ready, as a cluster when they are several, and no others run. */
    void use(int count) throws IOException, InterruptedException {
        boolean cluster = count > 1;
        for (ChaosNode node : nodes) {
            if (node.number() > count || node.clustered() != cluster) {
                node.stop();
            }
        }
        for (ChaosNode node : nodes.subList(0, count)) {
            node.joins(cluster);
            if (!node.runs()) {
                node.launch(Map.of());
            }
        }
        for (ChaosNode node : nodes.subList(0, count)) {
            node.awaitReady();
        }
    }

    /**
     * Where a load balancer sends whoever belongs to a node: there while its process runs, else to the next that does.
     *
     * @param number from 1
     */
    int doorOf(int number) {
        for (int i = 0; i < NODES; i++) {
            ChaosNode node = nodes.get((number - 1 + i) % NODES);
            if (node.runs()) {
                return node.door().port();
            }
        }
        return node(number).door().port();
    }

    /** Signs in as a user of the demo workspace. */
    String token(ChaosNode node) throws IOException, InterruptedException {
        JsonObject who = new JsonObject().put("email", "ada@demo.materi.local").put("password", "materi-demo-1");
        return post(node, "/api/v1/auth/login", "", who, 200).getString("access_token");
    }

    UUID createDocument(ChaosNode node, String token) throws IOException, InterruptedException {
        JsonObject document = new JsonObject().put("title", "Chaos").put("workspace_id", "demo");
        return UUID.fromString(
                post(node, "/api/v1/documents", token, document, 201).getString("id"));
    }

    private JsonObject post(ChaosNode node, String path, String token, JsonObject body, int status)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + node.ports().http() + path))
                .timeout(Duration.ofSeconds(30))
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(body.encode()));
        if (!token.isEmpty()) {
            request.header("authorization", "Bearer " + token);
        }
        HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
        if (answer.statusCode() != status) {
            throw new IOException(path + " answered " + answer.statusCode() + ": " + answer.body());
        }
        return new JsonObject(answer.body());
    }

    /** The nodes die with the bench, however it ends. */
    void abandon() {
        nodes.forEach(ChaosNode::abandon);
    }

    @Override
    public void close() throws TimeoutException {
        try {
            for (ChaosNode node : nodes) {
                node.stop();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        services.close();
        vertx.close().await(20, TimeUnit.SECONDS);
    }
}
