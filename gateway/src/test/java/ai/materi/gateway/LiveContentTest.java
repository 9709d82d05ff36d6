package ai.materi.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Content through the whole house: what REST writes is an edit of the live document. */
@Timeout(120)
class LiveContentTest {
    private static final String FIRST = "# Plan\n\nWe ship in May.\n\nNobody is late.\n";

    private static Stand stand;

    private String id;
    private String path;

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
        id = stand.as(
                        "ada",
                        "POST",
                        "/api/v1/documents",
                        new JsonObject()
                                .put("title", "Plan")
                                .put("workspace_id", "demo")
                                .put("content", FIRST))
                .json()
                .getString("id");
        path = "/api/v1/documents/" + id + "/content";
    }

    @AfterEach
    void leavesNothingAboveWarnInTheLog() {
        assertThat(stand.errors()).isEmpty();
    }

    private Answer put(String name, String body, String type, String... headers) {
        String[] all = new String[headers.length + 4];
        System.arraycopy(headers, 0, all, 4, headers.length);
        all[0] = "Authorization";
        all[1] = "Bearer " + stand.token(name);
        all[2] = "Content-Type";
        all[3] = type;
        return stand.send("PUT", path, body, all);
    }

    private String markdown() {
        return stand.as("ada", "GET", path, null).text();
    }

    private String etag() {
        return stand.as("ada", "GET", path, null).header("etag");
    }

    @Test
    void givesBackTheMarkdownThatItWasGiven() {
        assertThat(markdown().strip()).isEqualTo(FIRST.strip());
    }

    @Test
    void showsTheSameTextInEveryFormat() {
        assertThat(stand.as("ada", "GET", path + "?format=html", null).text()).contains("<h1>Plan</h1>");
        assertThat(stand.as("ada", "GET", path + "?format=text", null).text()).contains("We ship in May.");
        assertThat(stand.as("ada", "GET", path + "?format=prosemirror", null)
                        .json()
                        .getString("type"))
                .isEqualTo("doc");
        assertThat(stand.as("ada", "GET", path + "?format=yjs", null).response().body())
                .isNotEmpty();
    }

    @Test
    void takesTextInEveryFormat() {
        assertThat(put("ada", "<p>By <strong>HTML</strong></p>", "text/html", "If-Match", htmlTag())
                        .status())
                .isEqualTo(200);
        assertThat(markdown().strip()).isEqualTo("By **HTML**");
        String json = "{\"type\":\"doc\",\"content\":[{\"type\":\"paragraph\",\"content\":"
                + "[{\"type\":\"text\",\"text\":\"By JSON\"}]}]}";
        String tag = stand.as("ada", "GET", path + "?format=prosemirror", null).header("etag");
        assertThat(put("ada", json, "application/json", "If-Match", tag).status())
                .isEqualTo(200);
        assertThat(markdown().strip()).isEqualTo("By JSON");
        assertThat(put("ada", "{\"type\":\"nonsense\"}", "application/json", "If-Match", "\"x\"")
                        .status())
                .isIn(412, 422);
    }

    private String htmlTag() {
        return stand.as("ada", "GET", path + "?format=html", null).header("etag");
    }

    @Test
    void mergesWhatTwoPeopleChangedInDifferentPlaces() {
        String base = etag();
        assertThat(put("ada", FIRST.replace("May", "June"), "text/markdown", "If-Match", base)
                        .status())
                .isEqualTo(200);

        Answer merged =
                put("bob", FIRST.replace("Nobody", "Somebody"), "text/markdown", "If-Match", "*", "Materi-Base", base);

        assertThat(merged.status()).isEqualTo(200);
        assertThat(markdown()).contains("We ship in June.", "Somebody is late.");
    }

    @Test
    void refusesAStrictWriteOverSomethingNewer() {
        String base = etag();
        put("ada", FIRST.replace("May", "June"), "text/markdown", "If-Match", base);

        Answer refused = put("bob", FIRST.replace("May", "July"), "text/markdown", "If-Match", base);

        assertThat(refused.code()).isEqualTo("etag_mismatch");
        assertThat(put("bob", FIRST, "text/markdown", "If-Match", "*", "Materi-Base", "\"0-0-markdown\"")
                        .code())
                .isEqualTo("base_unknown");
        assertThat(markdown()).contains("We ship in June.");
    }

    @Test
    void editsByQuoteAndAtTheEnd() {
        JsonArray edits = new JsonArray("""
                [{"replace": {"target": {"quote": {"exact": "May"}}, "content": "June"}},
                 {"append": {"content": "The *end*."}}]
                """);

        Answer answer =
                stand.as("bob", "POST", "/api/v1/documents/" + id + "/edit", new JsonObject().put("edits", edits));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(markdown()).contains("We ship in June.", "The *end*.");
        assertThat(stand.as("bob", "POST", "/api/v1/documents/" + id + "/edit", new JsonObject().put("edits", edits))
                        .code())
                .isEqualTo("quote_not_found");
    }

    @Test
    void losesNoneOfTheEditsThatRace() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<Answer>> answers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                JsonObject body = new JsonObject()
                        .put(
                                "edits",
                                new JsonArray()
                                        .add(new JsonObject()
                                                .put(
                                                        "append",
                                                        new JsonObject().put("content", "Line number " + i + "."))));
                answers.add(threads.submit(() -> stand.as("ada", "POST", "/api/v1/documents/" + id + "/edit", body)));
            }
            for (Future<Answer> answer : answers) {
                assertThat(answer.get().status()).isEqualTo(200);
            }
        } finally {
            threads.shutdown();
        }
        String text = markdown();
        for (int i = 0; i < 40; i++) {
            assertThat(text).contains("Line number " + i + ".");
        }
    }

    @Test
    void typesAGenerationIntoTheLiveDocument() {
        JsonObject body = new JsonObject()
                .put("action", "summary")
                .put("document_id", id)
                .put("target", new JsonObject().put("end", true));

        Answer answer = stand.as("ada", "POST", "/api/v1/ai/generations", body);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(markdown().strip().length()).isGreaterThan(FIRST.strip().length());
    }
}
