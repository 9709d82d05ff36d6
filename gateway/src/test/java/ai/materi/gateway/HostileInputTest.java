package ai.materi.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Wrong input at every route: always a problem that the contract knows, never 5xx, nothing above WARN in the log. */
@Timeout(240)
class HostileInputTest {
    /** A body that breaks off in the middle leaves nothing to answer on. */
    private static final int HUNG_UP = 0;

    private record Route(String method, String path, JsonObject operation) {
        boolean takesJson() {
            return operation.containsKey("requestBody")
                    && operation
                            .getJsonObject("requestBody")
                            .getJsonObject("content")
                            .fieldNames()
                            .equals(Set.of("application/json"));
        }

        boolean needsToken() {
            return !operation.containsKey("security")
                    || operation.getJsonArray("security").encode().startsWith("[{\"bearer\"");
        }

        boolean needsBody() {
            return operation.getJsonObject("requestBody").getBoolean("required", false);
        }

        String at(String id) {
            return path.replaceAll("\\{[a-z_]+}", id);
        }
    }

    private static final String FOREIGN = UUID.randomUUID().toString();

    private static Stand stand;
    private static final List<Route> ROUTES = new ArrayList<>();

    @BeforeAll
    static void start() {
        stand = Stand.whole(Map.of());
        for (String operation : stand.contract().operations()) {
            String[] parts = operation.split(" ", 2);
            ROUTES.add(new Route(
                    parts[0],
                    parts[1],
                    stand.contract().operation(parts[0], parts[1]).orElseThrow()));
        }
    }

    @AfterAll
    static void end() {
        stand.close();
    }

    @AfterEach
    void leavesNothingAboveWarnInTheLog() {
        assertThat(stand.errors()).isEmpty();
    }

    private static Answer asAda(Route route, String path, String body, String type) {
        return stand.send(
                route.method(), path, body, "Authorization", "Bearer " + stand.token("ada"), "Content-Type", type);
    }

    @Test
    void asksForATokenWhereOneIsNeeded() {
        for (Route route : ROUTES) {
            Answer answer = stand.send(route.method(), route.at(FOREIGN), null);
            if (route.needsToken()) {
                assertThat(answer.status()).as("%s", route).isEqualTo(401);
                assertThat(answer.header("www-authenticate")).startsWith("Bearer");
            }
        }
    }

    @Test
    void refusesTokensThatAreNone() {
        List<String> tokens = List.of(
                "",
                "x",
                "a.b.c",
                stand.token("ada") + "x",
                stand.token("ada").substring(0, stand.token("ada").lastIndexOf('.')) + ".",
                "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.",
                "x".repeat(5000));
        for (Route route : ROUTES) {
            for (String token : tokens) {
                Answer answer = stand.send(route.method(), route.at(FOREIGN), null, "Authorization", "Bearer " + token);
                if (route.needsToken()) {
                    assertThat(answer.status()).as("%s", route).isEqualTo(401);
                }
            }
        }
    }

    @Test
    void refusesAnExpiredToken() {
        try (Stand brief = Stand.start(Map.of("auth.access_token_ttl", "1s"))) {
            String token = brief.token("ada");
            ai.materi.platform.node.Await.until(
                    "the token expires",
                    () -> brief.asToken(token, "GET", "/api/v1/documents", null).status() == 401);
            assertThat(brief.asToken(token, "GET", "/api/v1/documents", null).code())
                    .isEqualTo("invalid_token");
        }
    }

    @Test
    void answers404ForWhatIsNotTheCallers() {
        String stranger = stand.stranger();
        String document = stand.document("Not yours");
        String workspace = stand.demo();
        for (Route route : ROUTES) {
            if (!route.path().contains("{id}") || route.operation().containsKey("requestBody")) {
                continue;
            }
            String id = route.path().contains("/workspaces/") ? workspace : document;
            Answer answer = stand.asToken(stranger, route.method(), route.at(id), null);
            assertThat(answer.status()).as("%s", route).isEqualTo(404);
        }
    }

    @Test
    void answers404ForIdsThatAreNone() {
        for (Route route : ROUTES) {
            if (!route.path().contains("{id}")) {
                continue;
            }
            for (String id : List.of(FOREIGN, "1", "1-1-1-1-1", "x".repeat(200), "'--", "null")) {
                Answer answer = asAda(route, route.at(id.replace("'", "%27")), "{}", "application/json");
                assertThat(answer.status()).as("%s %s", route, id).isIn(404, 415, 422, 428);
            }
        }
    }

    @Test
    void refusesBodiesThatAreNoJson() {
        List<String> bodies =
                List.of("{", "{\"a\":", "[", "nul", "{\"a\": 1,}", "{'a': 1}", "{} {}", "\u0000", "{\"a\": NaN}");
        for (Route route : jsonRoutes()) {
            for (String body : bodies) {
                Answer answer = asAda(route, route.at(FOREIGN), body, "application/json");
                assertThat(answer.status()).as("%s %s", route, body).isIn(400, 404);
                if (answer.status() == 400) {
                    assertThat(answer.code()).isEqualTo("malformed_json");
                }
            }
        }
    }

    @Test
    void refusesJsonThatIsNoObjectOfThisKind() {
        List<String> bodies = List.of(
                "[]",
                "\"x\"",
                "1",
                "null",
                "{\"no_such_field\": 1}",
                "{\"a\": 1, \"a\": 2}",
                "{\"title\": \"\\u0000\"}",
                "{\"title\": \"\\ud800\"}",
                "{\"title\": 1, \"name\": 1, \"email\": 1, \"edits\": 1, \"prompt\": 1, \"role\": 1, \"document_id\": 1}");
        for (Route route : jsonRoutes()) {
            for (String body : bodies) {
                Answer answer = asAda(route, route.at(FOREIGN), body, "application/json");
                assertThat(answer.status()).as("%s %s", route, body).isIn(404, 422);
                if (answer.status() == 422) {
                    assertThat(answer.json().getString("pointer"))
                            .as("%s %s", route, body)
                            .startsWith("#");
                }
            }
        }
    }

    @Test
    void refusesJsonThatIsTooDeepOrTooLarge() {
        for (Route route : jsonRoutes()) {
            String deep = "{\"a\": ".repeat(2000) + "1" + "}".repeat(2000);
            assertThat(asAda(route, route.at(FOREIGN), deep, "application/json").status())
                    .isIn(400, 404);
            String large = "{\"title\": \"" + "x".repeat(1 << 20) + "\"}";
            assertThat(asAda(route, route.at(FOREIGN), large, "application/json")
                            .status())
                    .as("%s", route)
                    .isEqualTo(413);
        }
    }

    @Test
    void refusesOtherMediaTypes() {
        for (Route route : jsonRoutes()) {
            for (String type :
                    List.of("text/plain", "application/x-www-form-urlencoded", "application/xml", "x", ";")) {
                assertThat(asAda(route, route.at(FOREIGN), "{}", type).status())
                        .as("%s %s", route, type)
                        .isEqualTo(415);
            }
            Answer packed = stand.send(
                    route.method(),
                    route.at(FOREIGN),
                    "{}",
                    "Authorization",
                    "Bearer " + stand.token("ada"),
                    "Content-Type",
                    "application/json",
                    "Content-Encoding",
                    "gzip");
            assertThat(packed.status()).isEqualTo(415);
        }
    }

    @Test
    void refusesMissingBodies() {
        for (Route route : jsonRoutes()) {
            if (route.needsBody()) {
                Answer answer = stand.asToken(stand.token("ada"), route.method(), route.at(FOREIGN), null);
                assertThat(answer.status()).as("%s", route).isIn(400, 404);
            }
        }
    }

    @Test
    void namesTheMethodsThatAPathTakes() {
        for (Route route : ROUTES) {
            Answer answer = stand.send("TRACE".equals(route.method()) ? "GET" : "PROPFIND", route.at(FOREIGN), null);
            assertThat(answer.status()).as("%s", route).isEqualTo(405);
            assertThat(answer.code()).isEqualTo("method_not_allowed");
            assertThat(answer.header("allow")).contains(route.method(), "OPTIONS");
            Answer options = stand.send("OPTIONS", route.at(FOREIGN), null);
            assertThat(options.status()).isEqualTo(204);
            assertThat(options.header("allow")).isEqualTo(answer.header("allow"));
        }
    }

    @Test
    void answersHeadLikeGetWithoutABody() {
        for (Route route : ROUTES) {
            if (route.method().equals("GET") && !route.path().contains("{")) {
                Answer head = stand.asToken(stand.token("ada"), "HEAD", route.path(), null);
                assertThat(head.status()).as("%s", route).isEqualTo(200);
                assertThat(head.text()).isEmpty();
                assertThat(head.header("content-length")).isNotEqualTo("0");
            }
        }
    }

    @Test
    void makesNoDifferenceForATrailingSlash() {
        assertThat(stand.as("ada", "GET", "/api/v1/documents/", null).status()).isEqualTo(200);
        assertThat(stand.as("ada", "GET", "/api/v1/documents//", null).status()).isEqualTo(404);
        assertThat(stand.as("ada", "GET", "/api/v1//documents", null).status()).isEqualTo(404);
    }

    @Test
    void answersUnknownPathsWithAProblem() {
        for (String path :
                List.of("/api", "/api/v1", "/api/v2/documents", "/api/v1/documents/a/b/c", "/.well-known/x")) {
            Answer answer = stand.send("GET", path, null);
            assertThat(answer.status()).as(path).isEqualTo(404);
            assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
        }
    }

    @Test
    void survivesRequestsThatNoClientWouldSend() throws IOException {
        String token = "Authorization: Bearer " + stand.token("ada") + "\r\n";
        List<String> requests = List.of(
                "GET /api/v1/documents?limit=%zz HTTP/1.1\r\nHost: x\r\n" + token + "\r\n",
                "GET /api/v1/documents?q=%00 HTTP/1.1\r\nHost: x\r\n" + token + "\r\n",
                "GET /api/v1/documents?cursor=" + "A".repeat(3000) + " HTTP/1.1\r\nHost: x\r\n" + token + "\r\n",
                "GET /api/v1/%zz HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /api/v1/documents/%2e%2e/workspaces HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /" + "a".repeat(9000) + " HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /api/v1/documents HTTP/1.1\r\nHost: x\r\nX-Long: " + "a".repeat(20_000) + "\r\n\r\n",
                "POST /api/v1/documents HTTP/1.1\r\nHost: x\r\n" + token + "Content-Length: x\r\n\r\n",
                "POST /api/v1/documents HTTP/1.1\r\nHost: x\r\n" + token
                        + "Content-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n",
                "POST /api/v1/documents HTTP/1.1\r\nHost: x\r\n" + token
                        + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "NONSENSE\r\n\r\n");
        for (String request : requests) {
            int status = status(request);
            assertThat(status == HUNG_UP || (status >= 400 && status < 500))
                    .as("%d for %s", status, request.substring(0, Math.min(80, request.length())))
                    .isTrue();
        }
        assertThat(stand.as("ada", "GET", "/api/v1/documents", null).status()).isEqualTo(200);
    }

    /** Of a chunked body that never says how long it is. */
    @Test
    void refusesAnEndlessBody() throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), stand.uri("/").getPort())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write(("POST /api/v1/documents HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + stand.token("ada")
                            + "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            byte[] chunk = ("10000\r\n" + "x".repeat(65536) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 20; i++) {
                out.write(chunk);
            }
            assertThat(firstLine(socket.getInputStream())).contains(" 413 ");
        }
    }

    @Test
    void forgetsAClientThatStopsInTheMiddleOfItsBody() throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), stand.uri("/").getPort())) {
            socket.getOutputStream()
                    .write(("POST /api/v1/documents HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + stand.token("ada")
                                    + "\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"title\"")
                            .getBytes(StandardCharsets.US_ASCII));
        }
        assertThat(stand.as("ada", "GET", "/api/v1/documents", null).status()).isEqualTo(200);
    }

    private static int status(String request) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), stand.uri("/").getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            String line = firstLine(socket.getInputStream());
            return line.isEmpty() ? HUNG_UP : Integer.parseInt(line.split(" ", 3)[1]);
        }
    }

    private static String firstLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\r' && c >= 0; c = in.read()) {
            line.append((char) c);
        }
        return line.toString();
    }

    private static List<Route> jsonRoutes() {
        return ROUTES.stream().filter(Route::takesJson).toList();
    }
}
