package ai.materi.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class DocumentTest {
    private static final String DOCUMENTS = "/api/v1/documents";

    private static Stand stand;

    @BeforeAll
    static void start() {
        stand = Stand.start(Map.of());
    }

    @AfterAll
    static void end() {
        stand.close();
    }

    private static JsonObject document(String title) {
        return new JsonObject().put("title", title).put("workspace_id", "demo");
    }

    @Test
    void createsADocumentWithItsFirstContent() {
        Answer answer = stand.as("ada", "POST", DOCUMENTS, document("Plan").put("content", "# Plan"));

        String id = answer.json().getString("id");
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.header("location")).isEqualTo(DOCUMENTS + "/" + id);
        assertThat(answer.header("etag")).isEqualTo("\"d1\"");
        assertThat(answer.json().getString("title")).isEqualTo("Plan");
        assertThat(stand.relay().text(id).content().toStringUtf8()).isEqualTo("# Plan");
    }

    @Test
    void namesAWorkspaceByItsIdAsWell() {
        Answer answer = stand.as("ada", "POST", DOCUMENTS, document("By id").put("workspace_id", stand.demo()));

        assertThat(answer.status()).isEqualTo(201);
    }

    @Test
    void readsWhatItHasCreated() {
        String id = stand.document("To be read");

        Answer answer = stand.as("bob", "GET", DOCUMENTS + "/" + id, null);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().getString("title")).isEqualTo("To be read");
        assertThat(answer.json().getString("trashed_at")).isNull();
    }

    @Test
    void answers304ToWhoHasTheCurrentVersion() {
        String path = DOCUMENTS + "/" + stand.document("Known");
        String etag = stand.as("ada", "GET", path, null).header("etag");

        assertThat(stand.as("ada", "GET", path, null, "If-None-Match", etag).status())
                .isEqualTo(304);
        assertThat(stand.as("ada", "GET", path, null, "If-None-Match", "\"x\", W/" + etag)
                        .status())
                .isEqualTo(304);
        assertThat(stand.as("ada", "GET", path, null, "If-None-Match", "*").status())
                .isEqualTo(304);
        assertThat(stand.as("ada", "GET", path, null, "If-None-Match", "\"d999\"")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void hidesADocumentFromStrangers() {
        String id = stand.document("Ours");
        String stranger = stand.stranger();

        assertThat(stand.asToken(stranger, "GET", DOCUMENTS + "/" + id, null).status())
                .isEqualTo(404);
        assertThat(stand.asToken(stranger, "PATCH", DOCUMENTS + "/" + id, new JsonObject().put("title", "Mine"))
                        .status())
                .isEqualTo(404);
        assertThat(stand.asToken(stranger, "DELETE", DOCUMENTS + "/" + id, null).status())
                .isEqualTo(404);
        assertThat(stand.asToken(stranger, "GET", DOCUMENTS, null).items()).isEmpty();
        assertThat(stand.asToken(stranger, "GET", DOCUMENTS + "?workspace_id=" + stand.demo(), null)
                        .status())
                .isEqualTo(404);
        assertThat(stand.asToken(stranger, "POST", DOCUMENTS, document("Mine")).status())
                .isEqualTo(404);
    }

    @Test
    void keepsUsersApartWhoseReadsTravelTogether() {
        String id = stand.document("Read by many");
        String stranger = stand.stranger();
        List<String> readers = List.of(stand.token("ada"), stranger, stand.token("bob"));
        List<CompletableFuture<HttpResponse<Void>>> answers = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            HttpRequest request = HttpRequest.newBuilder(stand.uri(DOCUMENTS + "/" + id))
                    .header("Authorization", "Bearer " + readers.get(i % 3))
                    .build();
            answers.add(stand.client().sendAsync(request, BodyHandlers.discarding()));
        }

        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i).join().statusCode()).isEqualTo(i % 3 == 1 ? 404 : 200);
        }
    }

    @Test
    void showsAGrantedDocumentAndNothingElse() {
        String id = stand.document("Granted");
        stand.document("Not granted");
        String guest = stand.stranger();
        String guestId =
                stand.asToken(guest, "GET", "/api/v1/auth/me", null).json().getString("id");

        Answer grant = stand.as(
                "ada", "PUT", DOCUMENTS + "/" + id + "/grants/" + guestId, new JsonObject().put("role", "viewer"));

        assertThat(grant.status()).isEqualTo(200);
        assertThat(stand.asToken(guest, "GET", DOCUMENTS + "/" + id, null).status())
                .isEqualTo(200);
        assertThat(stand.asToken(guest, "GET", DOCUMENTS, null).items()).hasSize(1);
        assertThat(stand.asToken(guest, "PATCH", DOCUMENTS + "/" + id, new JsonObject().put("title", "Mine"))
                        .status())
                .isEqualTo(403);
        assertThat(stand.as("ada", "GET", DOCUMENTS + "/" + id + "/grants", null)
                        .items())
                .hasSize(1);
        assertThat(stand.as("ada", "DELETE", DOCUMENTS + "/" + id + "/grants/" + guestId, null)
                        .status())
                .isEqualTo(204);
        assertThat(stand.asToken(guest, "GET", DOCUMENTS + "/" + id, null).status())
                .isEqualTo(404);
    }

    @Test
    void letsAGrantedEditorRenameButNotMove() {
        String id = stand.document("Shared");
        String guest = stand.stranger();
        String email =
                stand.asToken(guest, "GET", "/api/v1/auth/me", null).json().getString("email");
        stand.as(
                "ada",
                "PUT",
                DOCUMENTS + "/" + id + "/grants",
                new JsonObject().put("email", email).put("role", "editor"));
        String path = DOCUMENTS + "/" + id;

        assertThat(stand.asToken(guest, "PATCH", path, new JsonObject().put("title", "Renamed"))
                        .status())
                .isEqualTo(200);
        assertThat(stand.asToken(guest, "PATCH", path, new JsonObject().putNull("parent_id"))
                        .status())
                .isEqualTo(403);
        assertThat(stand.asToken(guest, "DELETE", path, null).status()).isEqualTo(403);
    }

    @Test
    void changesATitleOnlyAtTheVersionThatIsNamed() {
        String path = DOCUMENTS + "/" + stand.document("Before");
        JsonObject after = new JsonObject().put("title", "After");

        assertThat(stand.as("ada", "PATCH", path, after, "If-Match", "\"d7\", W/\"d1\"")
                        .status())
                .isEqualTo(412);
        Answer changed = stand.as("ada", "PATCH", path, after, "If-Match", "\"d9\", \"d1\"");
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.header("etag")).isEqualTo("\"d2\"");
        assertThat(stand.as("ada", "PATCH", path, after, "If-Match", "\"d1\"").status())
                .isEqualTo(412);
        assertThat(stand.as("ada", "PATCH", path, after, "If-Match", "*").header("etag"))
                .isEqualTo("\"d2\"");
    }

    @Test
    void refusesToTakeATitleAway() {
        String path = DOCUMENTS + "/" + stand.document("Kept");

        Answer refused = stand.as("ada", "PATCH", path, new JsonObject().putNull("title"));

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json().getString("pointer")).isEqualTo("#/title");
    }

    @Test
    void listsTheNewestFirstPageByPage() {
        String parent = stand.document("Chapters");
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            made.add(0, stand.child("Chapter " + i, parent));
        }

        List<String> listed = new ArrayList<>();
        String cursor = "";
        int pages = 0;
        do {
            JsonObject page = stand.as("bob", "GET", DOCUMENTS + "?limit=3&parent_id=" + parent + cursor, null)
                    .json();
            page.getJsonArray("items").forEach(item -> listed.add(((JsonObject) item).getString("id")));
            cursor = page.getString("next") == null ? null : "&cursor=" + page.getString("next");
            pages++;
        } while (cursor != null);

        assertThat(listed).isEqualTo(made);
        assertThat(pages).isEqualTo(3);
    }

    @Test
    void filtersByTitleWithoutRegardToCaseOrWildcards() {
        String parent = stand.document("Filter");
        stand.child("100% Wool_Coat", parent);
        stand.child("Something else", parent);
        String list = DOCUMENTS + "?parent_id=" + parent + "&q=";

        assertThat(stand.as("ada", "GET", list + "wool", null).items()).hasSize(1);
        assertThat(stand.as("ada", "GET", list + "100%25", null).items()).hasSize(1);
        assertThat(stand.as("ada", "GET", list + "%25", null).items()).hasSize(1);
        assertThat(stand.as("ada", "GET", list + "L_C", null).items()).hasSize(1);
        assertThat(stand.as("ada", "GET", list + "w%27%20or%201=1--", null).items())
                .isEmpty();
    }

    @Test
    void listsTheTopOfTheTreeAlone() {
        String top = stand.document("At the top");
        String below = stand.child("Below", top);

        JsonArray items = stand.as("ada", "GET", DOCUMENTS + "?workspace_id=demo&parent_id=root&limit=100", null)
                .items();

        assertThat(ids(items)).contains(top).doesNotContain(below);
    }

    @Test
    void refusesATamperedCursorAndOneOfAnotherList() {
        stand.document("One");
        stand.document("Two");
        String cursor = stand.as("ada", "GET", DOCUMENTS + "?workspace_id=demo&limit=1", null)
                .json()
                .getString("next");
        String list = DOCUMENTS + "?workspace_id=demo&limit=1&cursor=";
        long seed = System.nanoTime();
        Random random = new Random(seed);

        assertThat(stand.as("ada", "GET", list + cursor, null).status()).isEqualTo(200);
        assertThat(stand.as("ada", "GET", list + cursor + "&q=x", null).status())
                .isEqualTo(400);
        for (int i = 0; i < 50; i++) {
            char[] letters = cursor.toCharArray();
            int at = random.nextInt(letters.length);
            letters[at] = letters[at] == 'A' ? 'B' : 'A';
            Answer answer = stand.as("ada", "GET", list + new String(letters), null);
            assertThat(answer.status()).as("seed %d", seed).isEqualTo(400);
            assertThat(answer.json().getString("parameter")).isEqualTo("cursor");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=101",
                "limit=x",
                "limit=-1",
                "limit=99999999999",
                "trashed=maybe",
                "parent_id=1"
            })
    void refusesAQueryOutOfBounds(String query) {
        Answer answer = stand.as("ada", "GET", DOCUMENTS + "?" + query, null);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().getString("parameter")).isEqualTo(query.substring(0, query.indexOf('=')));
    }

    @Test
    void refusesAParentOfAnotherWorkspace() {
        Answer other = stand.as("ada", "POST", "/api/v1/workspaces", new JsonObject().put("name", "Elsewhere"));
        String parent = stand.as(
                        "ada",
                        "POST",
                        DOCUMENTS,
                        document("There").put("workspace_id", other.json().getString("id")))
                .json()
                .getString("id");

        Answer answer = stand.as("ada", "POST", DOCUMENTS, document("Here").put("parent_id", parent));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().getString("pointer")).isEqualTo("#/parent_id");
    }

    @Test
    void createsNothingWhenTheContentIsRefused() {
        Answer answer = stand.as(
                "ada",
                "POST",
                DOCUMENTS,
                document("Nothing").put("format", "yjs").put("content", "/////w=="));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.code()).isEqualTo("content_invalid");
        assertThat(ids(stand.as("ada", "GET", DOCUMENTS + "?q=Nothing", null).items()))
                .isEmpty();
    }

    @Test
    void statesEachCreationAsAnEvent() {
        String id = stand.document("An event");

        assertThat(Events.of(stand, id)).containsExactly("document.created");
    }

    private static List<String> ids(JsonArray items) {
        return items.stream().map(item -> ((JsonObject) item).getString("id")).toList();
    }
}
