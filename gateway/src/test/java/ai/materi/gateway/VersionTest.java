package ai.materi.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Versions through the whole house. */
@Timeout(120)
class VersionTest {
    private static final String FIRST = "# Plan\n\nWe ship in May.\n";

    private static Stand stand;

    private String document;
    private String versions;

    @BeforeAll
    static void start() {
        stand = Stand.whole(Map.of("collab.versions.most", "6"));
    }

    @AfterAll
    static void end() {
        stand.close();
    }

    @BeforeEach
    void createDocument() {
        document = stand.as(
                        "ada",
                        "POST",
                        "/api/v1/documents",
                        new JsonObject()
                                .put("title", "Plan")
                                .put("workspace_id", "demo")
                                .put("content", FIRST))
                .json()
                .getString("id");
        versions = "/api/v1/documents/" + document + "/versions";
    }

    @AfterEach
    void leavesNothingAboveWarnInTheLog() {
        assertThat(stand.errors()).isEmpty();
    }

    private static JsonObject named(String name) {
        return new JsonObject().put("name", name);
    }

    /** The path of a new version. */
    private String kept(String name) {
        Answer answer = stand.as("ada", "POST", versions, named(name));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.header("location");
    }

    private void append(String text) {
        JsonObject append = new JsonObject().put("append", new JsonObject().put("content", text));
        stand.as(
                "ada",
                "POST",
                "/api/v1/documents/" + document + "/edit",
                new JsonObject().put("edits", new JsonArray().add(append)));
    }

    private String text(String path) {
        return stand.as("ada", "GET", path, null).text().strip();
    }

    private static int code(Answer answer) {
        return answer.status();
    }

    @Test
    void keepsTheTextOfAMoment() {
        Answer created = stand.as("ada", "POST", versions, named("First draft"));
        append("Questions to Ada.");

        assertThat(created.json().getString("name")).isEqualTo("First draft");
        assertThat(created.json().getString("document_id")).isEqualTo(document);
        assertThat(stand.as("ada", "GET", created.header("location"), null).json())
                .isEqualTo(created.json());
        assertThat(text(created.header("location") + "/content")).isEqualTo(FIRST.strip());
    }

    @ParameterizedTest
    @CsvSource({
        "?format=html,,text/html; charset=utf-8",
        "?format=yjs,,application/octet-stream",
        "?format=prosemirror,,application/json",
        "'',text/plain,text/plain; charset=utf-8",
        "'',,text/markdown; charset=utf-8"
    })
    void readsAVersionInTheFormatThatIsAskedFor(String query, @Nullable String accept, String type) {
        String content = kept("v1") + "/content" + query;

        Answer answer = accept == null
                ? stand.as("bob", "GET", content, null)
                : stand.as("bob", "GET", content, null, "Accept", accept);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-type")).isEqualTo(type);
        assertThat(stand.as(
                                "bob",
                                "GET",
                                content,
                                null,
                                "If-None-Match",
                                answer.header("etag"),
                                "Accept",
                                accept == null ? "*/*" : accept)
                        .status())
                .isEqualTo(304);
    }

    @Test
    void listsPageByPage() {
        kept("v1");
        kept("v2");
        kept("v3");

        Answer first = stand.as("bob", "GET", versions + "?limit=2", null);
        Answer last = stand.as(
                "bob", "GET", versions + "?limit=2&cursor=" + first.json().getString("next"), null);

        assertThat(first.items())
                .extracting(item -> ((JsonObject) item).getString("name"))
                .containsExactly("v3", "v2");
        assertThat(last.items())
                .extracting(item -> ((JsonObject) item).getString("name"))
                .containsExactly("v1");
        assertThat(last.json().getString("next")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=101", "limit=x", "cursor=x", "cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA!"})
    void refusesWhatIsNoPage(String query) {
        assertThat(stand.as("ada", "GET", versions + "?" + query, null).code()).isEqualTo("invalid_request");
    }

    @Test
    void renamesAndForgets() {
        String path = kept("v1");

        Answer renamed = stand.as("bob", "PATCH", path, named("As agreed"));
        Answer deleted = stand.as("bob", "DELETE", path, null);

        assertThat(renamed.json().getString("name")).isEqualTo("As agreed");
        assertThat(deleted.status()).isEqualTo(204);
        assertThat(code(stand.as("bob", "DELETE", path, null))).isEqualTo(404);
        assertThat(code(stand.as("ada", "GET", path, null))).isEqualTo(404);
        assertThat(code(stand.as("ada", "GET", path + "/content", null))).isEqualTo(404);
        assertThat(code(stand.as("ada", "PATCH", path, named("Again")))).isEqualTo(404);
    }

    @Test
    void makesOneVersionForOneIdempotencyKey() {
        String key = UUID.randomUUID().toString();

        Answer first = stand.as("ada", "POST", versions, named("once"), "Idempotency-Key", key);
        Answer again = stand.as("ada", "POST", versions, named("once"), "Idempotency-Key", key);

        assertThat(again.json()).isEqualTo(first.json());
        assertThat(stand.as("ada", "GET", versions, null).items()).hasSize(1);
    }

    @Test
    void restoresAsAnEdit() {
        String version = kept("v1");
        append("Questions to Ada.");

        Answer restored = stand.as("bob", "POST", version + "/restore", null);

        assertThat(restored.status()).isEqualTo(200);
        assertThat(restored.json().getBoolean("changed")).isTrue();
        assertThat(restored.json().getString("etag"))
                .isEqualTo(stand.as("ada", "GET", "/api/v1/documents/" + document + "/content", null)
                        .header("etag"));
        assertThat(text("/api/v1/documents/" + document + "/content")).isEqualTo(FIRST.strip());
        String before = restored.json().getJsonObject("before").getString("id");
        assertThat(text(versions + "/" + before + "/content")).contains("Questions to Ada.");
    }

    @Test
    void restoresOnceForOneIdempotencyKey() {
        String version = kept("v1");
        append("Questions to Ada.");
        String key = UUID.randomUUID().toString();

        Answer first = stand.as("ada", "POST", version + "/restore", new JsonObject(), "Idempotency-Key", key);
        append("More questions.");
        Answer again = stand.as("ada", "POST", version + "/restore", new JsonObject(), "Idempotency-Key", key);

        assertThat(again.json()).isEqualTo(first.json());
        assertThat(text("/api/v1/documents/" + document + "/content")).contains("More questions.");
    }

    @Test
    void answersThatNothingHadToBeRestored() {
        Answer restored = stand.as("ada", "POST", kept("v1") + "/restore", null);

        assertThat(restored.json().getBoolean("changed")).isFalse();
        assertThat(restored.json().getValue("before")).isNull();
    }

    @Test
    void refusesARestoreWithABody() {
        assertThat(stand.as("ada", "POST", kept("v1") + "/restore", named("x")).code())
                .isEqualTo("invalid_field");
    }

    @Test
    void refusesMoreThanADocumentMayKeep() {
        for (int i = 0; i < 6; i++) {
            kept("v" + i);
        }

        Answer refused = stand.as("ada", "POST", versions, named("one more"));

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("conflict");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"name\":null}",
                "{\"name\":\"\"}",
                "{\"name\":\"  \"}",
                "{\"name\":7}",
                "{\"name\":\"a\\nb\"}",
                "{\"name\":\"x\",\"id\":\"x\"}"
            })
    void refusesWhatIsNoName(String body) {
        String version = kept("v1");

        assertThat(stand.as("ada", "POST", versions, new JsonObject(body)).code())
                .isEqualTo("invalid_field");
        assertThat(stand.as("ada", "PATCH", version, new JsonObject(body)).code())
                .isEqualTo("invalid_field");
        assertThat(stand.as("ada", "POST", versions, named("x".repeat(121))).code())
                .isEqualTo("invalid_field");
    }

    @Test
    void letsReadersReadOnly() {
        String version = kept("v1");
        String reader = stand.stranger();
        String id = stand.asToken(reader, "GET", "/api/v1/auth/me", null).json().getString("id");
        stand.as(
                "ada",
                "PUT",
                "/api/v1/documents/" + document + "/grants/" + id,
                new JsonObject().put("role", "viewer"));

        assertThat(code(stand.asToken(reader, "GET", version + "/content", null)))
                .isEqualTo(200);
        assertThat(code(stand.asToken(reader, "POST", versions, named("mine")))).isEqualTo(403);
        assertThat(code(stand.asToken(reader, "PATCH", version, named("mine")))).isEqualTo(403);
        assertThat(code(stand.asToken(reader, "DELETE", version, null))).isEqualTo(403);
        assertThat(code(stand.asToken(reader, "POST", version + "/restore", null)))
                .isEqualTo(403);
    }

    @Test
    void hidesVersionsFromWhomTheDocumentIsNotFor() {
        String version = kept("v1");
        String stranger = stand.stranger();

        assertThat(code(stand.asToken(stranger, "GET", versions, null))).isEqualTo(404);
        assertThat(code(stand.asToken(stranger, "GET", version, null))).isEqualTo(404);
        assertThat(code(stand.asToken(stranger, "GET", version + "/content", null)))
                .isEqualTo(404);
        assertThat(code(stand.asToken(stranger, "POST", versions, named("mine"))))
                .isEqualTo(404);
        assertThat(code(stand.asToken(stranger, "DELETE", version, null))).isEqualTo(404);
        assertThat(code(stand.asToken(stranger, "POST", version + "/restore", null)))
                .isEqualTo(404);
    }

    @Test
    void findsAVersionInItsOwnDocumentOnly() {
        String version = kept("v1");
        String other = "/api/v1/documents/" + stand.document("Other") + "/versions";
        String there = other + version.substring(version.lastIndexOf('/'));

        assertThat(code(stand.as("ada", "GET", there, null))).isEqualTo(404);
        assertThat(code(stand.as("ada", "GET", there + "/content", null))).isEqualTo(404);
        assertThat(code(stand.as("ada", "DELETE", there, null))).isEqualTo(404);
        assertThat(code(stand.as("ada", "POST", there + "/restore", null))).isEqualTo(404);
        assertThat(code(stand.as("ada", "GET", versions + "/no-id", null))).isEqualTo(404);
    }

    @Test
    void hidesTheVersionsOfADocumentInTheTrashUntilItIsBack() {
        String version = kept("v1");

        stand.as("ada", "DELETE", "/api/v1/documents/" + document, null);
        int trashed = code(stand.as("ada", "GET", version, null));
        stand.as("ada", "POST", "/api/v1/documents/" + document + "/restore", null);

        assertThat(trashed).isEqualTo(404);
        assertThat(code(stand.as("ada", "GET", version, null))).isEqualTo(200);
    }
}
