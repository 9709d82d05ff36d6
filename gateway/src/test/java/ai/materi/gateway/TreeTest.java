package ai.materi.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class TreeTest {
    private static final String DOCUMENTS = "/api/v1/documents/";

    private static Stand stand;

    @BeforeAll
    static void start() {
        stand = Stand.whole(Map.of());
    }

    @AfterAll
    static void end() {
        stand.close();
    }

    private static Answer move(String id, @Nullable String parent) {
        return stand.as("ada", "PATCH", DOCUMENTS + id, new JsonObject().put("parent_id", parent));
    }

    @Test
    void movesADocumentBelowAnother() {
        String parent = stand.document("Parent");
        String child = stand.document("Child");

        Answer moved = move(child, parent);

        assertThat(moved.json().getString("parent_id")).isEqualTo(parent);
        assertThat(move(child, null).json().getString("parent_id")).isNull();
        assertThat(Events.of(stand, child)).startsWith("document.created");
    }

    @Test
    void refusesToCloseACircle() {
        String a = stand.document("A");
        String b = stand.child("B", a);
        String c = stand.child("C", b);

        assertThat(move(a, c).code()).isEqualTo("tree_cycle");
        assertThat(move(a, a).code()).isEqualTo("tree_cycle");
    }

    @Test
    void boundsTheDepthOfTheTree() {
        String at = stand.document("1");
        for (int depth = 2; depth <= 64; depth++) {
            at = stand.child(String.valueOf(depth), at);
        }

        Answer answer = stand.as(
                "ada",
                "POST",
                "/api/v1/documents",
                new JsonObject().put("title", "65").put("workspace_id", "demo").put("parent_id", at));

        assertThat(answer.status()).isEqualTo(409);
        assertThat(move(stand.document("Another 65"), at).status()).isEqualTo(409);
    }

    @Test
    void closesNoCircleWhenMovesRace() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            ids.add(stand.document("Racer " + i));
        }
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<Answer>> moves = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                String id = ids.get(random.nextInt(ids.size()));
                String parent = ids.get(random.nextInt(ids.size()));
                moves.add(threads.submit(() -> move(id, parent)));
            }
            for (Future<Answer> move : moves) {
                assertThat(move.get().status()).as("seed %d", seed).isIn(200, 409);
            }
        } finally {
            threads.shutdown();
        }
        assertThatNobodyStandsBelowThemselves(ids, seed);
    }

    private static void assertThatNobodyStandsBelowThemselves(List<String> ids, long seed) {
        Map<String, String> parents = new HashMap<>();
        for (String id : ids) {
            parents.put(id, stand.as("ada", "GET", DOCUMENTS + id, null).json().getString("parent_id"));
        }
        for (String id : ids) {
            Set<String> seen = new HashSet<>();
            for (String at = id; at != null; at = parents.get(at)) {
                assertThat(seen.add(at)).as("a circle at %s, seed %d", at, seed).isTrue();
            }
        }
    }

    @Test
    void trashesAndRestoresASubtreeAsOne() {
        String root = stand.document("Root");
        String child = stand.child("Child", root);
        String grandchild = stand.child("Grandchild", child);

        assertThat(stand.as("bob", "DELETE", DOCUMENTS + root, null).status()).isEqualTo(204);

        assertThat(trashed(grandchild)).isTrue();
        assertThat(listed("?trashed=true&limit=100")).contains(root, child, grandchild);
        assertThat(listed("?limit=100")).doesNotContain(root, child, grandchild);
        assertThat(stand.as("bob", "GET", DOCUMENTS + root + "/content", null).status())
                .isEqualTo(404);

        Answer restored = stand.as("bob", "POST", DOCUMENTS + root + "/restore", null);

        assertThat(restored.status()).isEqualTo(200);
        assertThat(trashed(grandchild)).isFalse();
        assertThat(stand.as("ada", "GET", DOCUMENTS + child, null).json().getString("parent_id"))
                .isEqualTo(root);
        assertThat(stand.as("bob", "GET", DOCUMENTS + grandchild + "/content", null)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void leavesInTheTrashWhatWasThereBefore() {
        String root = stand.document("Root");
        String early = stand.child("Early", root);
        stand.as("ada", "DELETE", DOCUMENTS + early, null);
        stand.as("ada", "DELETE", DOCUMENTS + root, null);

        stand.as("ada", "POST", DOCUMENTS + root + "/restore", null);

        assertThat(trashed(root)).isFalse();
        assertThat(trashed(early)).isTrue();
    }

    @Test
    void restoresToTheTopWhenThePlaceIsGone() {
        String root = stand.document("Root");
        String child = stand.child("Child", root);
        stand.as("ada", "DELETE", DOCUMENTS + root, null);

        Answer restored = stand.as("ada", "POST", DOCUMENTS + child + "/restore", null);

        assertThat(restored.json().getString("parent_id")).isNull();
        assertThat(trashed(root)).isTrue();
    }

    @Test
    void trashesAndRestoresTwiceWithoutHarm() {
        String id = stand.document("Twice");

        assertThat(stand.as("ada", "DELETE", DOCUMENTS + id, null).status()).isEqualTo(204);
        assertThat(stand.as("ada", "DELETE", DOCUMENTS + id, null).status()).isEqualTo(204);
        assertThat(stand.as("ada", "POST", DOCUMENTS + id + "/restore", null).status())
                .isEqualTo(200);
        assertThat(stand.as("ada", "POST", DOCUMENTS + id + "/restore", null).status())
                .isEqualTo(200);
    }

    @Test
    void changesNothingInTheTrash() {
        String id = stand.document("Resting");
        stand.as("ada", "DELETE", DOCUMENTS + id, null);

        assertThat(stand.as("ada", "PATCH", DOCUMENTS + id, new JsonObject().put("title", "Awake"))
                        .status())
                .isEqualTo(409);
        assertThat(stand.as(
                                "ada",
                                "POST",
                                "/api/v1/documents",
                                new JsonObject()
                                        .put("title", "Below")
                                        .put("workspace_id", "demo")
                                        .put("parent_id", id))
                        .status())
                .isEqualTo(409);
    }

    @Test
    void deletesForGoodOnlyFromTheTrashAndOnlyForAdmins() {
        String id = stand.document("Doomed");
        String child = stand.child("With it", id);
        String forGood = DOCUMENTS + id + "?permanent=true";

        assertThat(stand.as("ada", "DELETE", forGood, null).status()).isEqualTo(409);
        stand.as("ada", "DELETE", DOCUMENTS + id, null);
        assertThat(stand.as("bob", "DELETE", forGood, null).status()).isEqualTo(403);
        assertThat(stand.as("ada", "DELETE", forGood, null).status()).isEqualTo(204);
        assertThat(stand.as("ada", "GET", DOCUMENTS + id, null).status()).isEqualTo(404);
        assertThat(stand.as("ada", "GET", DOCUMENTS + child, null).status()).isEqualTo(404);
        assertThat(stand.as("ada", "DELETE", forGood, null).status()).isEqualTo(404);
    }

    @Test
    void hidesTheTrashFromThoseWhoOnlyRead() {
        String id = stand.document("Out of sight");
        String viewer = stand.stranger();
        String email =
                stand.asToken(viewer, "GET", "/api/v1/auth/me", null).json().getString("email");
        stand.as(
                "ada",
                "POST",
                "/api/v1/workspaces/demo/members",
                new JsonObject().put("email", email).put("role", "viewer"));
        stand.as("ada", "DELETE", DOCUMENTS + id, null);

        assertThat(stand.asToken(viewer, "GET", DOCUMENTS + id, null).status()).isEqualTo(404);
        assertThat(stand.asToken(viewer, "GET", "/api/v1/documents?trashed=true", null)
                        .items())
                .isEmpty();
    }

    private static boolean trashed(String id) {
        return stand.as("ada", "GET", DOCUMENTS + id, null).json().getString("trashed_at") != null;
    }

    private static List<String> listed(String query) {
        return stand.as("ada", "GET", "/api/v1/documents" + query, null).items().stream()
                .map(item -> ((JsonObject) item).getString("id"))
                .toList();
    }
}
