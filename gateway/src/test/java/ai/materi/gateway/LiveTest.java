package ai.materi.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams of a live document, what is posted beside them, and links, through the whole house and held against the contract. */
@Timeout(120)
class LiveTest {
    /** A Yjs update that changes nothing. */
    private static final String NOTHING = "\0\0";

    private static Stand stand;

    private String path = "";

    @BeforeAll
    static void start() {
        stand = Stand.whole(Map.of());
    }

    @AfterAll
    static void end() {
        stand.close();
    }

    @BeforeEach
    void createDocument() {
        path = "/api/v1/documents/" + stand.document("Live");
    }

    @AfterEach
    void leavesNothingAboveWarnInTheLog() {
        assertThat(stand.errors()).isEmpty();
    }

    @Test
    void opensAStreamAndTakesWhatIsSaidBesideIt() throws Exception {
        try (InputStream events = open(path + "/stream?token=" + stand.token("ada"))) {
            String stream = id(events);

            assertThat(post("ada", "/updates?stream_id=" + stream, NOTHING).json())
                    .isEqualTo(new JsonObject().put("sequence", 0));
            assertThat(post("ada", "/presence?stream_id=" + stream, "\0").status())
                    .isEqualTo(204);
            assertThat(post("bob", "/updates?stream_id=" + stream, NOTHING).code())
                    .isEqualTo("conflict");
            assertThat(post("ada", "/updates?stream_id=" + stream, "no update").code())
                    .isEqualTo("content_invalid");
        }
        assertThat(post("ada", "/updates", NOTHING).status()).isEqualTo(200);
        assertThat(post("ada", "/updates?encoding=v7", NOTHING).code()).isEqualTo("invalid_request");
        assertThat(post("ada", "/presence", "\0").code()).isEqualTo("conflict");
        assertThat(stand.as("ada", "POST", path + "/updates", new JsonObject()).code())
                .isEqualTo("unsupported_media_type");
        assertThat(stand.asToken(stand.stranger(), "GET", path + "/stream", null)
                        .code())
                .isEqualTo("not_found");
        assertThat(stand.send("GET", path + "/stream", null).code()).isEqualTo("unauthenticated");
        assertThat(stand.as("ada", "GET", path + "/stream", null, "Last-Event-ID", "x")
                        .code())
                .isEqualTo("invalid_request");
    }

    @Test
    void letsWhoeverHoldsALinkReadTheDocumentUntilItIsRemoved() throws Exception {
        Answer made = stand.as("ada", "POST", path + "/links", new JsonObject().put("label", "For the board"));
        assertThat(made.status()).isEqualTo(201);
        String share = "?share=" + made.json().getString("token");
        String other = "/api/v1/documents/" + stand.document("Other");

        assertThat(stand.send("GET", path + share, null).json().getString("title"))
                .isEqualTo("Live");
        assertThat(stand.send("GET", path + "/content" + share, null).status()).isEqualTo(200);
        try (InputStream events = open(path + "/stream" + share)) {
            String stream = id(events);
            assertThat(stand.send(
                                    "POST",
                                    path + "/presence" + share + "&stream_id=" + stream,
                                    "\0",
                                    "Content-Type",
                                    "application/octet-stream")
                            .status())
                    .isEqualTo(204);
            for (String elsewhere : new String[] {
                other, other + "/content", "/api/v1/documents/0197a3c0-0000-7000-8000-00000000dead", other + "/stream"
            }) {
                assertThat(stand.send("GET", elsewhere + share, null).code()).isEqualTo("not_found");
            }
            for (String closed : new String[] {"/versions", "/links", "/grants"}) {
                assertThat(stand.send("GET", path + closed + share, null).code())
                        .isEqualTo("unauthenticated");
            }
            assertThat(stand.send("GET", "/api/v1/documents" + share, null).code())
                    .isEqualTo("unauthenticated");
            assertThat(stand.send(
                                    "POST",
                                    path + "/updates" + share,
                                    NOTHING,
                                    "Content-Type",
                                    "application/octet-stream")
                            .code())
                    .isEqualTo("unauthenticated");
            assertThat(stand.as("ada", "GET", path + "/links", null).items()).hasSize(1);
            assertThat(stand.as("bob", "POST", path + "/links", new JsonObject())
                            .code())
                    .isEqualTo("forbidden");

            assertThat(stand.as("ada", "DELETE", path + "/links/" + made.json().getString("id"), null)
                            .status())
                    .isEqualTo(204);

            assertThat(rest(events)).contains("event: error").contains("\"code\":\"not_found\"");
        }
        assertThat(stand.send("GET", path + share, null).code()).isEqualTo("not_found");
    }

    private static InputStream open(String path) throws IOException, InterruptedException {
        HttpResponse<InputStream> response =
                stand.client().send(HttpRequest.newBuilder(stand.uri(path)).build(), BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }

    /** The stream's id, from its first event. */
    private static String id(InputStream events) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\n\n", text.indexOf("event: meta") + 1) < 0 || text.indexOf("event: meta") < 0) {
            int next = events.read();
            assertThat(next).as("the stream after: %s", text).isNotNegative();
            text.append((char) next);
        }
        String data = text.substring(text.indexOf("data: ") + 6).strip();
        return new JsonObject(data).getString("stream_id");
    }

    private static String rest(InputStream events) {
        return new BufferedReader(new InputStreamReader(events, StandardCharsets.UTF_8))
                .lines()
                .reduce("", (before, line) -> before + line + "\n");
    }

    private Answer post(String user, String to, String body) {
        return stand.send(
                "POST",
                path + to,
                body,
                "Authorization",
                "Bearer " + stand.token(user),
                "Content-Type",
                "application/octet-stream");
    }
}
