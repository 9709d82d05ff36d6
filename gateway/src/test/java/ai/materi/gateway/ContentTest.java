package ai.materi.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.proto.collab.v1.Edit;
import ai.materi.proto.collab.v1.Format;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class ContentTest {
    private static Stand stand;

    private String id;
    private String path;

    @BeforeAll
    static void start() {
        stand = Stand.start(Map.of());
    }

    @AfterAll
    static void end() {
        stand.close();
    }

    @BeforeEach
    void createDocument() {
        id = stand.document("Text");
        path = "/api/v1/documents/" + id + "/content";
    }

    private Answer put(String body, String... headers) {
        String[] all = new String[headers.length + 4];
        System.arraycopy(headers, 0, all, 4, headers.length);
        all[0] = "Authorization";
        all[1] = "Bearer " + stand.token("ada");
        all[2] = "Content-Type";
        all[3] = "text/markdown";
        return stand.send("PUT", path, body, all);
    }

    private String etag() {
        return stand.as("ada", "GET", path, null).header("etag");
    }

    @Test
    void writesAtTheTagThatWasRead() {
        Answer answer = put("# New", "If-Match", etag());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("etag")).isEmpty();
        assertThat(answer.json().getString("etag")).isEqualTo(etag());
        assertThat(stand.as("ada", "GET", path, null).text()).isEqualTo("# New");
    }

    @Test
    void refusesToWriteOverWhatIsNewer() {
        String old = etag();
        put("First", "If-Match", old);

        assertThat(put("Second", "If-Match", old).code()).isEqualTo("etag_mismatch");
        assertThat(put("Second", "If-Match", "W/" + etag()).status()).isEqualTo(412);
        assertThat(put("Second", "If-Match", "\"x\", \"y\"").status()).isEqualTo(412);
        assertThat(put("Second", "If-Match", "\"x\", " + etag()).status()).isEqualTo(200);
    }

    @Test
    void handsTheBaseOfAMergeToTheRelay() {
        put("Merged", "If-Match", "*", "Materi-Base", "\"1-0-text\"");

        assertThat(stand.relay()
                        .replacements()
                        .get(stand.relay().replacements().size() - 1)
                        .getBase())
                .isEqualTo("1-0-text");
        assertThat(put("Merged", "If-Match", "*", "Materi-Base", "\"unknown\"").code())
                .isEqualTo("base_unknown");
    }

    @Test
    void asksForAPrecondition() {
        assertThat(put("Blind").status()).isEqualTo(428);
        assertThat(put("Blind", "If-Match", "*").status()).isEqualTo(428);
        assertThat(put("Blind", "Materi-Base", "\"1-0-text\"").status()).isEqualTo(428);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unquoted", "\"open", "", ",", "\"a\" \"b\"", "\"a\", x"})
    void refusesAPreconditionThatIsNoTag(String tag) {
        assertThat(put("Text", "If-Match", tag).status()).isIn(400, 428);
    }

    @ParameterizedTest
    @CsvSource({
        "?format=html,,text/html; charset=utf-8",
        "?format=yjs,,application/octet-stream",
        "?format=prosemirror,,application/json",
        "?format=text,text/html,text/plain; charset=utf-8",
        "'',text/html,text/html; charset=utf-8",
        "'','text/plain;q=0.5, text/html;q=0.9',text/html; charset=utf-8",
        "'','text/*',text/markdown; charset=utf-8",
        "'','text/markdown;q=0, text/*',text/html; charset=utf-8",
        "'',*/*,text/markdown; charset=utf-8"
    })
    void answersInTheFormatThatIsAskedFor(String query, @Nullable String accept, String type) {
        Answer answer = accept == null
                ? stand.as("ada", "GET", path + query, null)
                : stand.as("ada", "GET", path + query, null, "Accept", accept);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-type")).isEqualTo(type);
    }

    @Test
    void answers406ToWhoTakesNoneOfItsFormats() {
        assertThat(stand.as("ada", "GET", path, null, "Accept", "image/png").status())
                .isEqualTo(406);
        assertThat(stand.as("ada", "GET", path + "?format=docx", null).status()).isEqualTo(400);
    }

    @Test
    void answers304ToWhoHasTheCurrentText() {
        assertThat(stand.as("ada", "GET", path, null, "If-None-Match", etag()).status())
                .isEqualTo(304);
        assertThat(stand.as("ada", "GET", path, null, "If-None-Match", "\"a\", " + etag())
                        .status())
                .isEqualTo(304);
    }

    @Test
    void takesTheFormatOfABodyFromItsType() {
        Answer html = stand.send(
                "PUT",
                path,
                "<p>x</p>",
                "Authorization",
                "Bearer " + stand.token("ada"),
                "Content-Type",
                "text/html; charset=utf-8",
                "If-Match",
                etag());

        assertThat(html.status()).isEqualTo(200);
        assertThat(stand.relay()
                        .replacements()
                        .get(stand.relay().replacements().size() - 1)
                        .getFormat())
                .isEqualTo(Format.FORMAT_HTML);
        assertThat(stand.send(
                                "PUT",
                                path + "?format=html",
                                "x",
                                "Authorization",
                                "Bearer " + stand.token("ada"),
                                "Content-Type",
                                "text/plain",
                                "If-Match",
                                etag())
                        .status())
                .isEqualTo(415);
    }

    @Test
    void refusesMoreThan16MiB() {
        Answer answer = put("x".repeat((16 << 20) + 1), "If-Match", etag());

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.code()).isEqualTo("too_large");
    }

    @Test
    void takesContentUpTo16MiB() {
        assertThat(put("x".repeat(3 << 20), "If-Match", etag()).status()).isEqualTo(200);
    }

    @Test
    void mapsEveryKindOfEdit() {
        JsonArray edits = new JsonArray("""
                [{"insert": {"target": {"block": "4:2"}, "after": false, "content": "a", "format": "html"}},
                 {"replace": {"target": {"range": {"block": "4:2", "from": 1, "to": 3}}, "content": "b"}},
                 {"delete": {"target": {"quote": {"exact": "c", "prefix": "p", "suffix": "s"}}}},
                 {"append": {"content": "d"}}]
                """);

        Answer answer =
                stand.as("bob", "POST", "/api/v1/documents/" + id + "/edit", new JsonObject().put("edits", edits));

        assertThat(answer.status()).isEqualTo(200);
        var sent = stand.relay().edits().get(stand.relay().edits().size() - 1).getEditsList();
        assertThat(sent.stream().map(Edit::getOperationCase))
                .containsExactly(
                        Edit.OperationCase.INSERT,
                        Edit.OperationCase.REPLACE,
                        Edit.OperationCase.DELETE,
                        Edit.OperationCase.APPEND);
        assertThat(sent.get(0).getInsert().getTarget().getBlock()).isEqualTo("4:2");
        assertThat(sent.get(0).getInsert().getAfter()).isFalse();
        assertThat(sent.get(0).getInsert().getFormat()).isEqualTo(Format.FORMAT_HTML);
        assertThat(sent.get(1).getReplace().getTarget().getRange().getTo()).isEqualTo(3);
        assertThat(sent.get(2).getDelete().getTarget().getQuote().getSuffix()).isEqualTo("s");
        assertThat(sent.get(3).getAppend().getFormat()).isEqualTo(Format.FORMAT_MARKDOWN);
    }

    @Test
    void editsAtThePathWithoutAVersionToo() {
        JsonObject body = new JsonObject("{\"edits\": [{\"append\": {\"content\": \"The end.\"}}]}");

        assertThat(stand.as("ada", "POST", "/api/documents/" + id + "/edit", body)
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"edits\": []}",
                "{\"edits\": {}}",
                "{\"edits\": [null]}",
                "{\"edits\": [{}]}",
                "{\"edits\": [{\"append\": {\"content\": \"a\"}, \"delete\": {\"target\": {\"block\": \"1:1\"}}}]}",
                "{\"edits\": [{\"append\": {\"content\": 1}}]}",
                "{\"edits\": [{\"append\": {\"content\": \"a\", \"format\": \"docx\"}}]}",
                "{\"edits\": [{\"append\": {\"content\": \"a\", \"nonsense\": true}}]}",
                "{\"edits\": [{\"delete\": {\"target\": {}}}]}",
                "{\"edits\": [{\"delete\": {\"target\": {\"block\": \"1:1\", \"quote\": {\"exact\": \"a\"}}}}]}",
                "{\"edits\": [{\"delete\": {\"target\": {\"range\": {\"block\": \"1:1\", \"from\": -1}}}}]}",
                "{\"edits\": [{\"delete\": {\"target\": {\"range\": {\"block\": \"1:1\", \"from\": 3, \"to\": 1}}}}]}",
                "{\"edits\": [{\"insert\": {\"content\": \"a\"}}]}"
            })
    void refusesAnEditThatIsNone(String body) {
        Answer answer = stand.as("ada", "POST", "/api/v1/documents/" + id + "/edit", new JsonObject(body));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().getString("pointer")).startsWith("#");
    }

    @Test
    void keepsContentFromStrangers() {
        assertThat(stand.asToken(stand.stranger(), "GET", path, null).status()).isEqualTo(404);
    }
}
