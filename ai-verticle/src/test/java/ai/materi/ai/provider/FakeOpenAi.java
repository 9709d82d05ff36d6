package ai.materi.ai.provider;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Speaks the wire of OpenAI's streamed chat completions over loopback, one scripted behaviour a request: the last one is
 * repeated.
 */
public final class FakeOpenAi {
    /** What the server does with a request. */
    public interface Behaviour {
        void answer(HttpServerRequest request);
    }

    private final Queue<Behaviour> script = new ConcurrentLinkedQueue<>();
    private final HttpServer server;
    /** The bodies of the requests, in order. */
    public final List<JsonObject> requests = new CopyOnWriteArrayList<>();

    private FakeOpenAi(HttpServer server) {
        this.server = server;
    }

    public static Future<FakeOpenAi> start(Vertx vertx) {
        HttpServer server = vertx.createHttpServer();
        FakeOpenAi fake = new FakeOpenAi(server);
        server.requestHandler(request -> request.body().onSuccess(body -> {
            fake.requests.add(new JsonObject(body));
            Behaviour next = fake.script.size() > 1 ? fake.script.poll() : fake.script.peek();
            next.answer(request);
        }));
        return server.listen(0, "127.0.0.1").map(fake);
    }

    public String baseUrl() {
        return "http://127.0.0.1:" + server.actualPort() + "/v1";
    }

    public FakeOpenAi then(Behaviour behaviour) {
        script.add(behaviour);
        return this;
    }

    public Future<Void> stop() {
        return server.close();
    }

    public static Behaviour says(String... pieces) {
        return request -> {
            HttpServerResponse response = stream(request);
            for (String piece : pieces) {
                response.write(frame(piece));
            }
            response.write("data: " + usage() + "\n\n");
            response.end("data: [DONE]\n\n");
        };
    }

    /** As {@link #says}, byte by byte, with CRLF. */
    public static Behaviour saysInCrumbs(String... pieces) {
        return request -> {
            HttpServerResponse response = stream(request);
            StringBuilder all = new StringBuilder();
            for (String piece : pieces) {
                all.append(frame(piece).replace("\n", "\r\n"));
            }
            Buffer bytes = Buffer.buffer(all + "data: [DONE]\r\n\r\n");
            for (int i = 0; i < bytes.length(); i++) {
                response.write(bytes.slice(i, i + 1));
            }
            response.end();
        };
    }

    public static Behaviour status(int status, String... headers) {
        return request -> {
            for (int i = 0; i < headers.length; i += 2) {
                request.response().putHeader(headers[i], headers[i + 1]);
            }
            request.response()
                    .setStatusCode(status)
                    .end(new JsonObject()
                            .put("error", new JsonObject().put("message", "as the script says"))
                            .toBuffer());
        };
    }

    public static Behaviour hangs() {
        return request -> {};
    }

    public static Behaviour saysThenHangs(String piece) {
        return request -> stream(request).write(frame(piece));
    }

    public static Behaviour saysThenCuts(String piece) {
        return request -> stream(request)
                .write(frame(piece))
                .onSuccess(written -> request.connection().close());
    }

    public static Behaviour saysThenEndsEarly(String piece) {
        return request -> stream(request).end(frame(piece));
    }

    public static Behaviour saysThenNonsense(String piece) {
        return request -> stream(request).write(frame(piece) + "data: {\"choices\": [{\"del\n\n");
    }

    private static HttpServerResponse stream(HttpServerRequest request) {
        return request.response().setChunked(true).putHeader("content-type", "text/event-stream");
    }

    private static String frame(String piece) {
        JsonObject delta = new JsonObject().put("index", 0).put("delta", new JsonObject().put("content", piece));
        return "data: "
                + new JsonObject()
                        .put("object", "chat.completion.chunk")
                        .put("choices", new JsonArray().add(delta))
                        .encode()
                + "\n\n";
    }

    private static String usage() {
        return new JsonObject()
                .put("choices", new JsonArray())
                .put("usage", new JsonObject().put("prompt_tokens", 11).put("completion_tokens", 7))
                .encode();
    }
}
