package ai.materi.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.materi.platform.call.CallContext;
import ai.materi.platform.config.ConfigException;
import ai.materi.platform.node.Await;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpDoorTest {
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private OpenDoor door;

    @BeforeAll
    void open() {
        door = new OpenDoor(
                Map.of("http.cors_origins", "https://app.example.com"), HttpDoorTest::mount, "gateway", "auth");
    }

    @AfterAll
    void close() {
        door.close();
    }

    private static void mount(OpenDoor open) {
        Router api = Router.router(open.vertx);
        api.route().handler(BodyHandler.create(false).setBodyLimit(1000));
        api.get("/documents/:id").handler(rc -> rc.end("document " + rc.pathParam("id")));
        api.patch("/documents/:id").handler(rc -> rc.end("patched"));
        api.post("/echo").handler(rc -> rc.end(rc.body().asJsonObject().toBuffer()));
        api.get("/context")
                .handler(rc -> rc.end(String.valueOf(CallContext.current().traceparent())));
        api.get("/defect").handler(rc -> {
            throw new IllegalStateException("the secret detail");
        });
        api.get("/refusal").handler(rc -> {
            throw Problem.of(ProblemCode.RATE_LIMITED, "Slow down.", Map.of("retry_after", 7));
        });
        open.door.mount("/api/v1", api);
        Router page = Router.router(open.vertx);
        page.get("/*").handler(rc -> rc.end("the page"));
        open.door.mount("/", page);
        Router echo = Router.router(open.vertx);
        echo.get("/").handler(rc -> rc.request().toWebSocket().onSuccess(socket -> socket.handler(socket::write)));
        open.door.mount("/socket", echo);
    }

    @Test
    void answersHealthFromTheEventLoopAlone() {
        HttpResponse<String> answer = door.get("/healthz");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(OpenDoor.json(answer).getString("status")).isEqualTo("alive");
    }

    @Test
    void namesEachDependencyInReadiness() {
        door.readiness = new Readiness(false, Map.of("postgres", "up", "redis", "no answer"));
        HttpResponse<String> answer = door.get("/readyz");
        door.readiness = new Readiness(true, Map.of("postgres", "up"));
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(OpenDoor.json(answer).getJsonObject("dependencies").getString("redis"))
                .isEqualTo("no answer");
        assertThat(door.get("/readyz").statusCode()).isEqualTo(200);
    }

    @Test
    void isNotReadyWhileItDrainsAndHangsUpAfterAnAnswer() {
        door.draining.set(true);
        HttpResponse<String> ready = door.get("/readyz");
        HttpResponse<String> page = door.get("/");
        door.draining.set(false);
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(OpenDoor.json(ready).getString("status")).isEqualTo("draining");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("connection")).contains("close");
    }

    @Test
    void sendsARequestToTheLongestPathAndToNoOther() {
        assertThat(door.get("/api/v1/documents/7").body()).isEqualTo("document 7");
        assertThat(door.get("/api/v1x").body()).isEqualTo("the page");
        HttpResponse<String> missing = door.get("/api/v1/nothing");
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(missing.headers().firstValue("content-type")).contains("application/problem+json");
        JsonObject problem = OpenDoor.json(missing);
        assertThat(problem.getString("code")).isEqualTo("not_found");
        assertThat(problem.getString("type")).isEqualTo("/problems/not_found");
        assertThat(problem.getInteger("status")).isEqualTo(404);
        assertThat(problem.getString("request_id"))
                .isEqualTo(missing.headers().firstValue("x-request-id").orElseThrow());
    }

    @Test
    void namesTheMethodsThatAPathAllows() {
        HttpResponse<String> answer = door.send(HttpRequest.newBuilder().DELETE(), "/api/v1/documents/7");
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("allow")).contains("GET, PATCH");
        assertThat(OpenDoor.json(answer).getString("code")).isEqualTo("method_not_allowed");
    }

    @Test
    void refusesMalformedJson() {
        HttpResponse<String> answer = door.send(
                HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.ofString("{\"a\":")), "/api/v1/echo");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(OpenDoor.json(answer).getString("code")).isEqualTo("malformed_json");
    }

    @Test
    void refusesABodyOverTheBound() {
        HttpResponse<String> answer = door.send(
                HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.ofString("x".repeat(2000))), "/api/v1/echo");
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(OpenDoor.json(answer).getString("code")).isEqualTo("too_large");
    }

    @Test
    void hidesWhatADefectSays() {
        HttpResponse<String> answer = door.get("/api/v1/defect");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(OpenDoor.json(answer).getString("code")).isEqualTo("internal");
        assertThat(answer.body()).doesNotContain("secret").doesNotContain("Exception");
    }

    @Test
    void carriesTheMembersOfARefusalAndItsRetryAfter() {
        HttpResponse<String> answer = door.get("/api/v1/refusal");
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(OpenDoor.json(answer).getInteger("retry_after")).isEqualTo(7);
        assertThat(answer.headers().firstValue("retry-after")).contains("7");
    }

    @Test
    void refusesHeadersOverTheBound() throws IOException {
        String answer = door.raw("GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + "a".repeat(20_000) + "\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 431 ").contains("\"code\":\"headers_too_large\"");
    }

    @Test
    void refusesATargetOverTheBound() throws IOException {
        String answer = door.raw("GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(answer).contains(" 414 ").contains("\"code\":\"uri_too_long\"");
    }

    @Test
    void refusesWhatIsNotHttp() throws IOException {
        assertThat(door.raw("\u0001\u0002 nonsense\r\n\r\n"))
                .contains(" 400 ")
                .contains("\"code\":\"invalid_request\"");
        assertThat(door.raw("GET / HTTP/1.1\r\nbroken header\r\n\r\n")).contains(" 400 ");
    }

    @Test
    void refusesAPathThatDoesNotDecode() throws IOException {
        String answer = door.raw("GET /api/v1/documents/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("\"code\":\"invalid_request\"");
    }

    @Test
    void keepsAValidRequestIdAndReplacesAnyOther() {
        assertThat(door.get("/", "X-Request-Id", "abc-1").headers().firstValue("x-request-id"))
                .contains("abc-1");
        assertThat(door.get("/", "X-Request-Id", "a b\"{}").headers().firstValue("x-request-id"))
                .get()
                .asString()
                .matches("[0-9a-f-]{36}");
    }

    @Test
    void continuesATraceAndStartsOneOtherwise() {
        assertThat(door.get("/api/v1/context", "traceparent", TRACE).body()).isEqualTo(TRACE);
        assertThat(door.get("/api/v1/context", "traceparent", TRACE.replace('a', 'G'))
                        .body())
                .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
    }

    @Test
    void doesNotSayWhatServesAndSetsTheHeadersOfSecurity() {
        HttpResponse<String> answer = door.get("/");
        assertThat(answer.headers().firstValue("server")).isEmpty();
        assertThat(answer.headers().firstValue("x-content-type-options")).contains("nosniff");
        assertThat(answer.headers().firstValue("materi-degradation")).contains("normal");
    }

    @Test
    void letsListedOriginsCallAndNoOthers() {
        HttpRequest.Builder preflight = HttpRequest.newBuilder().method("OPTIONS", HttpRequest.BodyPublishers.noBody());
        HttpResponse<String> listed = door.send(
                preflight, "/api/v1/echo", "Origin", "https://app.example.com", "Access-Control-Request-Method", "PUT");
        assertThat(listed.statusCode()).isEqualTo(204);
        assertThat(listed.headers().firstValue("access-control-allow-origin")).contains("https://app.example.com");
        assertThat(listed.headers().firstValue("access-control-allow-methods"))
                .get()
                .asString()
                .contains("PUT");
        HttpResponse<String> other = door.get("/", "Origin", "https://evil.example.com");
        assertThat(other.headers().firstValue("access-control-allow-origin")).isEmpty();
        assertThat(other.headers().firstValue("vary")).contains("Origin");
    }

    @Test
    void answersForARoleThatThisNodeDoesNotRun() {
        HttpResponse<String> answer = door.get("/collab");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(OpenDoor.json(answer).getString("code")).isEqualTo("role_absent");
    }

    @Test
    void showsMetricsToOperatorsOnly() {
        door.get("/api/v1/documents/7");
        Await.until(
                "the request is measured",
                () -> door.getFromOperator("/metrics")
                        .body()
                        .contains(
                                "materi_http_requests_seconds_count{method=\"GET\",route=\"/api/v1\",status=\"200\"}"));
        assertThat(door.get("/metrics").body()).isEqualTo("the page");
        assertThat(door.getFromOperator("/readyz").statusCode()).isEqualTo(200);
    }

    @Test
    void saysInOneLineThatAPortIsTaken() {
        String taken = Integer.toString(door.door.port());
        assertThatThrownBy(() -> new OpenDoor(Map.of("http.port", taken), open -> {}, "gateway"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("Port " + taken)
                .hasMessageContaining("MATERI_HTTP_PORT")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void closesConnectionsOverTheBound() throws IOException {
        try (OpenDoor narrow = new OpenDoor(Map.of("http.max_connections", "1"), open -> {}, "gateway");
                Socket first = new Socket(InetAddress.getLoopbackAddress(), narrow.door.port())) {
            Await.until("the first is counted", () -> narrow.meters.scrape().contains("materi_http_connections 1.0"));
            try (Socket second = new Socket(InetAddress.getLoopbackAddress(), narrow.door.port())) {
                second.setSoTimeout(10_000);
                assertThat(second.getInputStream().read()).isEqualTo(-1);
            }
            assertThat(first.isClosed()).isFalse();
        }
    }

    @Test
    void countsAConnectionNoMoreOnceItIsClosedWhateverItBecame() {
        try (OpenDoor narrow = new OpenDoor(Map.of("http.max_connections", "2"), HttpDoorTest::mount, "gateway")) {
            var client = narrow.vertx.createWebSocketClient();
            for (int i = 0; i < 5; i++) {
                var socket = Await.result(client.connect(narrow.door.port(), "127.0.0.1", "/socket"));
                assertThat(narrow.meters.scrape()).contains("materi_http_connections 1.0");
                Await.result(socket.close());
                Await.until(
                        "the socket is counted no more",
                        () -> narrow.meters.scrape().contains("materi_http_connections 0.0"));
            }
            Await.result(client.close());
        }
    }

    @Test
    void carriesSocketsWithoutCompression() {
        var options = new WebSocketClientOptions().setTryUsePerMessageCompression(true);
        var client = door.vertx.createWebSocketClient(options);
        var socket = Await.result(client.connect(new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(door.door.port())
                .setURI("/socket")));
        assertThat(socket.headers().get("sec-websocket-extensions")).isNull();
    }

    @Test
    void hangsUpOnASocketFrameOverTheBound() {
        try (OpenDoor narrow = new OpenDoor(
                Map.of("http.max_websocket_frame", "1kB", "http.max_websocket_message", "1kB"),
                HttpDoorTest::mount,
                "gateway")) {
            var client = narrow.vertx.createWebSocketClient();
            var closed = client.connect(narrow.door.port(), "127.0.0.1", "/socket")
                    .compose(socket -> {
                        var end = io.vertx.core.Promise.<Void>promise();
                        socket.closeHandler(end::complete).exceptionHandler(e -> {});
                        socket.writeFinalBinaryFrame(io.vertx.core.buffer.Buffer.buffer(new byte[5000]));
                        return end.future();
                    })
                    .eventually(client::close);
            Await.result(closed);
        }
    }

    @Test
    void asksWhereASocketComesFrom() {
        Origins origins = new Origins(List.of("https://app.example.com"));
        assertThat(origins.allows("http://Materi.local:8080", "materi.local:8080"))
                .isTrue();
        assertThat(origins.allows("https://app.example.com", "materi.local")).isTrue();
        assertThat(origins.allows("https://evil.example.com", "materi.local:8080"))
                .isFalse();
        assertThat(origins.allows("null", null)).isFalse();
    }

    @Test
    void tellsClientsHowDegradedItIsAndRefusesWhatIsLost() {
        door.degradation.report("redis", Degradation.Level.DEGRADED);
        HttpResponse<String> answer = door.get("/");
        assertThatThrownBy(() -> door.degradation.require(Degradation.Feature.SIGN_IN))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("degraded");
        door.degradation.require(Degradation.Feature.EDIT);
        door.degradation.clear("redis");
        assertThat(answer.headers().firstValue("materi-degradation")).contains("degraded; reasons=\"redis\"");
        assertThat(door.get("/").headers().firstValue("materi-degradation")).contains("normal");
    }

    @Test
    void cutsAnAnswerThatFailsAfterItHasBegun() {
        try (OpenDoor cutting = new OpenDoor(
                Map.of(),
                open -> {
                    Router router = Router.router(open.vertx);
                    router.get("/")
                            .handler(rc -> rc.response()
                                    .setChunked(true)
                                    .write("begun")
                                    .onComplete(written -> rc.fail(new IllegalStateException("mid-way"))));
                    open.door.mount("/cut", router);
                },
                "gateway")) {
            HttpClient asking = cutting.vertx.createHttpClient();
            Throwable failure = Await.failure(asking.request(HttpMethod.GET, cutting.door.port(), "127.0.0.1", "/cut")
                    .compose(request -> request.send().compose(response -> response.body()))
                    .eventually(asking::close));
            assertThat(failure).isInstanceOf(HttpClosedException.class);
        }
    }
}
