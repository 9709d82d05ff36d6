package ai.materi.gateway.bench;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The REST interface as one signed-in user meets it. */
final class Api {
    static final String LIST = "list";
    static final String READ = "read";
    static final String CREATE = "create";

    private static final String WORKSPACE = "demo";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient client = HttpClient.newHttpClient();
    private final int port;
    private final String token;
    private final List<String> ids = new ArrayList<>();

    private Api(int port, String token) {
        this.port = port;
        this.token = token;
    }

    /** As the owner of the demo workspace. */
    static Api signIn(int port) throws IOException, InterruptedException {
        JsonObject who = new JsonObject().put("email", "ada@demo.materi.local").put("password", "materi-demo-1");
        JsonObject session = new Api(port, "").post("/api/v1/auth/login", who, 200);
        return new Api(port, session.getString("access_token"));
    }

    /** Signed in anew: an access token lasts ten minutes, a run may last longer. */
    Api again() throws IOException, InterruptedException {
        Api fresh = signIn(port);
        fresh.ids.addAll(ids);
        return fresh;
    }

    void createDocuments(int count) throws IOException, InterruptedException {
        for (int i = 0; i < count; i++) {
            ids.add(post("/api/v1/documents", document("Document " + i), 201).getString("id"));
        }
    }

    String read(int serverPort) throws IOException, InterruptedException {
        return send(request(serverPort, "/api/v1/documents/" + ids.get(0)).build(), 200);
    }

    /** {@value #LIST}, {@value #READ}, {@value #CREATE}. */
    List<Question> questions() {
        return List.of(list(), read(), create());
    }

    Question list() {
        Buffer page = get("/api/v1/documents?limit=20");
        return new Question(LIST, 200, () -> page);
    }

    /** Of the documents that {@link #createDocuments} made, in turn. */
    Question read() {
        List<Buffer> reads =
                ids.stream().map(id -> get("/api/v1/documents/" + id)).toList();
        return new Question(READ, 200, inTurn(reads));
    }

    Question create() {
        String body = document("A document").encode();
        Buffer request = Buffer.buffer(head("POST", "/api/v1/documents")
                + "content-type: application/json\r\ncontent-length: " + body.length() + "\r\n\r\n" + body);
        return new Question(CREATE, 201, () -> request);
    }

    private static Supplier<Buffer> inTurn(List<Buffer> requests) {
        int[] next = {0};
        return () -> requests.get(next[0]++ % requests.size());
    }

    private Buffer get(String target) {
        return Buffer.buffer(head("GET", target) + "\r\n");
    }

    private String head(String method, String target) {
        return method + " " + target + " HTTP/1.1\r\nhost: 127.0.0.1:" + port + "\r\nauthorization: Bearer " + token
                + "\r\n";
    }

    private static JsonObject document(String title) {
        return new JsonObject().put("title", title).put("workspace_id", WORKSPACE);
    }

    private JsonObject post(String path, JsonObject body, int expected) throws IOException, InterruptedException {
        HttpRequest request = request(port, path)
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(body.encode()))
                .build();
        return new JsonObject(send(request, expected));
    }

    private HttpRequest.Builder request(int serverPort, String path) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + serverPort + path))
                .timeout(PATIENCE);
        Stream.of(token)
                .filter(known -> !known.isEmpty())
                .forEach(known -> builder.header("authorization", "Bearer " + known));
        return builder;
    }

    private String send(HttpRequest request, int expected) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        if (response.statusCode() != expected) {
            throw new IOException(request.method() + " " + request.uri().getPath() + " answered "
                    + response.statusCode() + ": " + response.body());
        }
        return response.body();
    }
}
