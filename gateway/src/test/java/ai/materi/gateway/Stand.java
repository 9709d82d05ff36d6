package ai.materi.gateway;

import ai.materi.ai.AriaVerticle;
import ai.materi.auth.AuthVerticle;
import ai.materi.collab.RelayVerticle;
import ai.materi.platform.node.Node;
import ai.materi.platform.node.TestNode;
import ai.materi.proto.ai.v1.AiService;
import ai.materi.proto.ai.v1.AiServiceGrpcService;
import ai.materi.proto.collab.v1.CollabService;
import ai.materi.proto.collab.v1.CollabServiceGrpcService;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * A node with Shield, Aria, a small Relay and the gateway, and a client whose every answer is held against the contract. Knows
 * the demo users: Ada owns the workspace {@code demo}, Bob is an editor in it.
 */
final class Stand implements AutoCloseable {
    static final String PASSWORD = "materi-demo-1";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestNode test;
    private final SmallRelay relay;
    private final GatewayVerticle gateway;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final ContractCheck contract = new ContractCheck();
    private final Map<String, String> tokens = new HashMap<>();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    private Stand(TestNode test, SmallRelay relay) {
        this.gateway = new GatewayVerticle(test.node());
        this.test = test;
        this.relay = relay;
    }

    /** Shield, Relay, Aria and the gateway, as they are. */
    static Stand whole(Map<String, String> settings) {
        return start(settings, (node, relay) -> new RelayVerticle(node), AriaVerticle::new);
    }

    /** With a small Relay, which shows what it was asked. */
    static Stand start(Map<String, String> settings) {
        return start(settings, Stand::small, AriaVerticle::new);
    }

    /** With a small Relay and with generations that the test writes. */
    static Stand start(Map<String, String> settings, ScriptedAria aria) {
        return start(settings, Stand::small, node -> {
            node.services().offer(AiService.class, aria, AiServiceGrpcService.of(aria));
            return new VerticleBase() {};
        });
    }

    private static VerticleBase small(Node node, SmallRelay relay) {
        node.services().offer(CollabService.class, relay, CollabServiceGrpcService.of(relay));
        return new VerticleBase() {};
    }

    private static Stand start(
            Map<String, String> settings,
            BiFunction<Node, SmallRelay, VerticleBase> collab,
            Function<Node, VerticleBase> ai) {
        Map<String, String> all = new HashMap<>(Map.of(
                "auth.demo.enabled", "true",
                "auth.registration.mode", "open",
                "api.limits.sign_in_per_minute", "100000",
                "api.limits.account_per_minute", "100000",
                // What is wanted here is no busy machine's degradation.
                "collab.log.overdue", "30s",
                "redis.timeout", "10s"));
        all.putAll(settings);
        TestNode test = TestNode.start(all);
        SmallRelay relay = new SmallRelay(test.node().services());
        Stand stand = new Stand(test, relay);
        stand.listenToTheLog();
        test.deploy(AuthVerticle::new)
                .deploy(node -> collab.apply(node, relay))
                .deploy(ai)
                .deploy(node -> stand.gateway)
                .open();
        return stand;
    }

    private void listenToTheLog() {
        log.start();
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).addAppender(log);
    }

    /** What was logged as an error since the start. */
    List<String> errors() {
        synchronized (log) {
            return List.copyOf(log.list).stream()
                    .filter(event -> event.getLevel().isGreaterOrEqual(Level.ERROR))
                    .map(event -> event.getLoggerName() + ": " + event.getFormattedMessage())
                    .toList();
        }
    }

    TestNode test() {
        return test;
    }

    GatewayVerticle gateway() {
        return gateway;
    }

    SmallRelay relay() {
        return relay;
    }

    ContractCheck contract() {
        return contract;
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + test.node().http().port() + path);
    }

    HttpClient client() {
        return client;
    }

    /** The access token of a demo user, signed in once. */
    synchronized String token(String name) {
        return tokens.computeIfAbsent(name, this::signIn);
    }

    private String signIn(String name) {
        String email = name.contains("@") ? name : name + "@demo.materi.local";
        Answer answer = send(
                "POST",
                "/api/v1/auth/login",
                new JsonObject().put("email", email).put("password", PASSWORD).encode(),
                "Content-Type",
                "application/json");
        return answer.json().getString("access_token");
    }

    /** A user of their own, without any workspace. */
    String stranger() {
        String email = "stranger-" + UUID.randomUUID() + "@example.com";
        Answer answer = send(
                "POST",
                "/api/v1/auth/register",
                new JsonObject()
                        .put("email", email)
                        .put("password", "a-quiet-harbour-at-dusk-42")
                        .encode(),
                "Content-Type",
                "application/json");
        if (answer.status() != 201) {
            throw new AssertionError(answer.text());
        }
        return answer.json().getString("access_token");
    }

    /** As a demo user, with a JSON body or none ({@code null}). */
    Answer as(String name, String method, String path, @Nullable JsonObject body, String... headers) {
        return asToken(token(name), method, path, body, headers);
    }

    Answer asToken(String token, String method, String path, @Nullable JsonObject body, String... headers) {
        String[] all = new String[headers.length + 4];
        System.arraycopy(headers, 0, all, 4, headers.length);
        all[0] = "Authorization";
        all[1] = "Bearer " + token;
        all[2] = "Content-Type";
        all[3] = "application/json";
        return send(method, path, body == null ? null : body.encode(), all);
    }

    Answer send(String method, String path, @Nullable String body, String... headers) {
        return sendBytes(method, path, body == null ? null : body.getBytes(StandardCharsets.UTF_8), headers);
    }

    private Answer sendBytes(String method, String path, byte @Nullable [] body, String... headers) {
        Answer answer = exchange(method, path, body, headers);
        if (answer.status() >= 500 && answer.status() != 501) {
            throw new AssertionError(method + " " + path + " fails: " + answer.text());
        }
        return answer;
    }

    /** For a test that wants to see a failure. */
    Answer sendUnchecked(String method, String path, String body, String... headers) {
        return exchange(method, path, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    private Answer exchange(String method, String path, byte @Nullable [] body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .timeout(PATIENCE)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        try {
            Answer answer = new Answer(client.send(request.build(), BodyHandlers.ofByteArray()));
            contract.check(method, path, answer);
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** The id of the demo workspace. */
    String demo() {
        return as("ada", "GET", "/api/v1/workspaces/demo", null).json().getString("id");
    }

    /** Ada's document in the demo workspace; the id. */
    String document(String title) {
        return created(new JsonObject().put("title", title).put("workspace_id", "demo"));
    }

    String child(String title, String parent) {
        return created(
                new JsonObject().put("title", title).put("workspace_id", "demo").put("parent_id", parent));
    }

    private String created(JsonObject body) {
        Answer answer = as("ada", "POST", "/api/v1/documents", body);
        if (answer.status() != 201) {
            throw new AssertionError(answer.status() + " " + answer.text());
        }
        return answer.json().getString("id");
    }

    @Override
    public void close() {
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).detachAppender(log);
        test.close();
    }
}
