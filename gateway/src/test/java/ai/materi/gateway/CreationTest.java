package ai.materi.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Creates that come at the same time, and what is left of those that are refused. */
@Timeout(120)
class CreationTest {
    private static final String DOCUMENTS = "/api/v1/documents";
    private static final String WORKSPACES = "/api/v1/workspaces";
    private static final int CREATED = 201;

    private static Stand stand;

    @BeforeAll
    static void start() {
        stand = Stand.start(Map.of());
    }

    @AfterAll
    static void end() {
        assertThat(stand.errors()).isEmpty();
        stand.close();
    }

    private static String workspace() {
        return stand.as("ada", "POST", WORKSPACES, new JsonObject().put("name", "Of its own"))
                .json()
                .getString("id");
    }

    private static JsonObject document(String title, String workspace) {
        return new JsonObject().put("title", title).put("workspace_id", workspace);
    }

    private static CompletableFuture<HttpResponse<String>> create(String token, JsonObject document) {
        HttpRequest request = HttpRequest.newBuilder(stand.uri(DOCUMENTS))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(document.encode()))
                .build();
        return stand.client().sendAsync(request, BodyHandlers.ofString());
    }

    private static long count(List<CompletableFuture<HttpResponse<String>>> answers, int status) {
        return answers.stream()
                .filter(answer -> answer.join().statusCode() == status)
                .count();
    }

    private static int listed(String query) {
        return stand.as("ada", "GET", DOCUMENTS + "?limit=100&" + query, null)
                .items()
                .size();
    }

    @Test
    void createsEachAsItsOwnUserWhenManyTravelTogether() {
        String ours = workspace();
        List<String> authors = List.of(stand.token("ada"), stand.token("bob"), stand.stranger());
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 240; i++) {
            answers.add(create(authors.get(i % 3), document("Together " + i, i % 2 == 0 ? ours : "demo")));
        }

        for (int i = 0; i < answers.size(); i++) {
            boolean member = i % 3 == 0 || (i % 3 == 1 && i % 2 == 1);
            HttpResponse<String> answer = answers.get(i).join();
            assertThat(answer.statusCode()).isEqualTo(member ? CREATED : 404);
            if (member) {
                assertThat(new JsonObject(answer.body()).getString("title")).isEqualTo("Together " + i);
                assertThat(stand.as(
                                        "ada",
                                        "GET",
                                        answer.headers().firstValue("location").orElseThrow(),
                                        null)
                                .text())
                        .isEqualTo(answer.body());
            }
        }
        assertThat(listed("workspace_id=" + ours)).isEqualTo(40);
    }

    @Test
    void statesEachOfManyOnce() {
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            answers.add(create(stand.token("ada"), document("Stated " + i, "demo")));
        }

        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            String id = new JsonObject(answer.join().body()).getString("id");
            assertThat(Events.of(stand, id)).containsExactly("document.created");
        }
    }

    @Test
    void leavesNoChildOutsideTheTrashWhenItsParentGoesThereMeanwhile() {
        String ours = workspace();
        String parent = stand.as("ada", "POST", DOCUMENTS, document("Parent", ours))
                .json()
                .getString("id");
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            answers.add(create(stand.token("ada"), document("Child", ours).put("parent_id", parent)));
        }

        assertThat(stand.as("ada", "DELETE", DOCUMENTS + "/" + parent, null).status())
                .isEqualTo(204);

        long created = count(answers, CREATED);
        assertThat(count(answers, 409)).isEqualTo(30 - created);
        assertThat(listed("parent_id=" + parent)).isZero();
        assertThat(listed("trashed=true&workspace_id=" + ours)).isEqualTo((int) created + 1);
        stand.as("ada", "DELETE", DOCUMENTS + "/" + parent + "?permanent=true", null);
        assertThat(stand.as("ada", "DELETE", WORKSPACES + "/" + ours, null).status())
                .isEqualTo(204);
    }

    @Test
    void createsForTheOthersWhenOneLosesTheirMembershipMeanwhile() {
        String ours = workspace();
        JsonObject bob = stand.as("bob", "GET", "/api/v1/auth/me", null).json();
        String members = WORKSPACES + "/" + ours + "/members";
        stand.as(
                "ada",
                "POST",
                members,
                new JsonObject().put("email", bob.getString("email")).put("role", "editor"));
        List<CompletableFuture<HttpResponse<String>>> adas = new ArrayList<>();
        List<CompletableFuture<HttpResponse<String>>> bobs = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            adas.add(create(stand.token("ada"), document("Ada's", ours)));
            bobs.add(create(stand.token("bob"), document("Bob's", ours)));
        }

        assertThat(stand.as("ada", "DELETE", members + "/" + bob.getString("id"), null)
                        .status())
                .isEqualTo(204);

        assertThat(count(adas, CREATED)).isEqualTo(40);
        assertThat(count(bobs, CREATED) + count(bobs, 403) + count(bobs, 404)).isEqualTo(40);
        assertThat(listed("workspace_id=" + ours)).isEqualTo(40 + (int) count(bobs, CREATED));
    }

    @Test
    void leavesNothingOfARefusedCreateThatWouldKeepItsWorkspace() {
        String ours = workspace();
        String noText = Base64.getEncoder().encodeToString(new byte[] {(byte) 0xff});

        Answer refused = stand.as(
                "ada",
                "POST",
                DOCUMENTS,
                document("Refused", ours).put("format", "yjs").put("content", noText));

        assertThat(refused.code()).isEqualTo("content_invalid");
        assertThat(stand.as("ada", "DELETE", WORKSPACES + "/" + ours, null).status())
                .isEqualTo(204);
    }
}
