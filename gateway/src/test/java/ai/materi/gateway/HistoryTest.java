package ai.materi.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who wrote what, what changed and when, through the whole house and as the contract describes it. */
@Timeout(120)
class HistoryTest {
    private static Stand stand;

    private String document;

    @BeforeAll
    static void start() {
        stand = Stand.whole(Map.of("collab.history.ranges", "40"));
    }

    @AfterAll
    static void end() {
        stand.close();
    }

    @BeforeEach
    void createDocument() {
        String id = stand.as(
                        "ada",
                        "POST",
                        "/api/v1/documents",
                        new JsonObject()
                                .put("title", "Plan")
                                .put("workspace_id", "demo")
                                .put("content", "We ship in May."))
                .json()
                .getString("id");
        document = "/api/v1/documents/" + id;
    }

    @AfterEach
    void leavesNothingAboveWarnInTheLog() {
        assertThat(stand.errors()).isEmpty();
    }

    private static String id(String user) {
        return stand.as(user, "GET", "/api/v1/auth/me", null).json().getString("id");
    }

    private void edit(String user, JsonObject edit) {
        Answer answer =
                stand.as(user, "POST", document + "/edit", new JsonObject().put("edits", new JsonArray().add(edit)));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    private void replaceByBob(String quote, String content) {
        JsonObject target = new JsonObject().put("quote", new JsonObject().put("exact", quote));
        edit(
                "bob",
                new JsonObject()
                        .put("replace", new JsonObject().put("target", target).put("content", content)));
    }

    private String version(String name) {
        return stand.as("ada", "POST", document + "/versions", new JsonObject().put("name", name))
                .header("location");
    }

    private Answer get(String path) {
        return stand.as("ada", "GET", path, null);
    }

    @Test
    void tellsWhoWroteWhat() {
        replaceByBob("May", "June");

        JsonObject found = get(document + "/attribution").json();

        JsonArray ranges = found.getJsonArray("blocks").getJsonObject(0).getJsonArray("ranges");
        assertThat(ranges)
                .extracting(range -> ((JsonObject) range).getString("author"))
                .containsExactly(id("ada"), id("bob"), id("ada"));
        assertThat(ranges.getJsonObject(1).getInteger("from")).isEqualTo(11);
        assertThat(ranges.getJsonObject(1).getInteger("to")).isEqualTo(15);
        JsonObject most = found.getJsonArray("authors").getJsonObject(0);
        assertThat(most.getString("kind")).isEqualTo("person");
        assertThat(most.getInteger("units")).isEqualTo(12);
        assertThat(most.getDouble("share")).isEqualTo(0.75);
    }

    @Test
    void sendsAttributionOnce() {
        String tag = get(document + "/attribution").header("etag");

        Answer again = stand.as("bob", "GET", document + "/attribution", null, "If-None-Match", tag);

        assertThat(tag).startsWith("W/");
        assertThat(again.status()).isEqualTo(304);
    }

    @Test
    void refusesWhatWasWrittenInTooManyTurns() {
        for (int i = 0; i < 40; i++) {
            edit("ada", new JsonObject().put("append", new JsonObject().put("content", "more")));
        }

        assertThat(get(document + "/attribution").code()).isEqualTo("too_large");
    }

    @Test
    void comparesAVersionWithWhatStandsNow() {
        String before = version("Before");
        replaceByBob("May", "June");

        Answer answer = get(before + "/diff");

        JsonObject block = answer.json().getJsonArray("blocks").getJsonObject(0);
        assertThat(block.getString("change")).isEqualTo("changed");
        assertThat(block.getJsonArray("runs"))
                .extracting(run -> ((JsonObject) run).getString("change") + " " + ((JsonObject) run).getString("text"))
                .containsExactly("equal We ship in ", "deleted May", "inserted June", "equal .");
        assertThat(block.getJsonArray("runs").getJsonObject(2).getString("author"))
                .isEqualTo(id("bob"));
        assertThat(block.getJsonArray("runs").getJsonObject(1).getString("author"))
                .isEqualTo(id("bob"));
        assertThat(stand.as("ada", "GET", before + "/diff", null, "If-None-Match", answer.header("etag"))
                        .status())
                .isEqualTo(304);
    }

    @Test
    void comparesTwoVersionsAsHtml() {
        String before = version("Before");
        replaceByBob("May", "<b>June</b>");
        String after = version("After");
        replaceByBob("ship", "sail");

        Answer answer = get(before + "/diff?format=html&to=" + after.substring(after.lastIndexOf('/') + 1));

        assertThat(answer.header("content-type")).isEqualTo("text/html; charset=utf-8");
        assertThat(answer.text())
                .contains("We ship in <del class=\"materi-deleted\" data-author=\"" + id("bob") + "\"")
                .contains(">May</del>", "&lt;", "</ins>")
                .doesNotContain("sail");
    }

    @ParameterizedTest
    @ValueSource(strings = {"format=markdown", "format=%00", "to=x", "to=%27%20or%201=1", "to=current%20"})
    void refusesWhatIsNoComparison(String query) {
        Answer answer = get(version("v") + "/diff?" + query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("invalid_request");
    }

    @Test
    void listsSessionsPageByPage() {
        replaceByBob("May", "June");

        JsonObject first = get(document + "/activity?limit=1").json();
        JsonObject last = get(document + "/activity?limit=1&cursor=" + first.getString("next"))
                .json();

        JsonObject bobs = first.getJsonArray("items").getJsonObject(0);
        JsonObject adas = last.getJsonArray("items").getJsonObject(0);
        assertThat(bobs.getJsonObject("author").getString("id")).isEqualTo(id("bob"));
        assertThat(bobs.getJsonObject("author").getString("kind")).isEqualTo("person");
        assertThat(bobs.getInteger("updates")).isEqualTo(1);
        assertThat(bobs.getInteger("deleted")).isPositive();
        assertThat(bobs.getValue("via")).isNull();
        assertThat(adas.getJsonObject("author").getString("id")).isEqualTo(id("ada"));
        assertThat(last.getString("next")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=101", "cursor=x", "cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA!"})
    void refusesWhatIsNoPage(String query) {
        assertThat(get(document + "/activity?" + query).code()).isEqualTo("invalid_request");
    }

    @Test
    void hidesHistoryFromWhomTheDocumentIsNotFor() {
        String version = version("v");
        String stranger = stand.stranger();

        for (String path : new String[] {document + "/attribution", document + "/activity", version + "/diff"}) {
            assertThat(stand.asToken(stranger, "GET", path, null).status())
                    .as(path)
                    .isEqualTo(404);
        }
    }

    @Test
    void comparesVersionsOfOneDocumentOnly() {
        String version = version("v");
        String other = "/api/v1/documents/" + stand.document("Other") + "/versions"
                + version.substring(version.lastIndexOf('/'));
        String foreign = stand.as(
                        "ada", "POST", other.substring(0, other.lastIndexOf('/')), new JsonObject().put("name", "o"))
                .json()
                .getString("id");

        assertThat(get(other + "/diff").status()).isEqualTo(404);
        assertThat(get(version + "/diff?to=" + foreign).status()).isEqualTo(404);
    }
}
