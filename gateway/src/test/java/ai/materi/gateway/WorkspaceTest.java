package ai.materi.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class WorkspaceTest {
    private static final String WORKSPACES = "/api/v1/workspaces";

    private static Stand stand;

    @BeforeAll
    static void start() {
        stand = Stand.whole(Map.of());
    }

    @AfterAll
    static void end() {
        stand.close();
    }

    @Test
    void createsRenamesAndDeletesAWorkspace() {
        Answer made = stand.as(
                "ada", "POST", WORKSPACES, new JsonObject().put("name", "North").put("slug", "north"));
        String path = made.header("location");

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.json().getString("role")).isEqualTo("owner");
        assertThat(stand.as("ada", "GET", WORKSPACES + "/north", null).json()).isEqualTo(made.json());
        Answer renamed = stand.as("ada", "PATCH", path, new JsonObject().put("name", "South"));
        assertThat(renamed.json().getString("name")).isEqualTo("South");
        assertThat(stand.as("ada", "DELETE", path, null).status()).isEqualTo(204);
        assertThat(stand.as("ada", "GET", path, null).status()).isEqualTo(404);
    }

    @Test
    void deletesNoWorkspaceThatHasDocuments() {
        String id = stand.as("ada", "POST", WORKSPACES, new JsonObject().put("name", "Full"))
                .json()
                .getString("id");
        stand.as(
                "ada",
                "POST",
                "/api/v1/documents",
                new JsonObject().put("title", "x").put("workspace_id", id));

        assertThat(stand.as("ada", "DELETE", WORKSPACES + "/" + id, null).code())
                .isEqualTo("workspace_not_empty");
    }

    @Test
    void hidesAWorkspaceFromStrangers() {
        String stranger = stand.stranger();

        assertThat(stand.asToken(stranger, "GET", WORKSPACES + "/demo", null).status())
                .isEqualTo(404);
        assertThat(stand.asToken(stranger, "GET", WORKSPACES + "/demo/members", null)
                        .status())
                .isEqualTo(404);
        assertThat(stand.asToken(stranger, "GET", WORKSPACES, null).items()).isEmpty();
    }

    @Test
    void managesMembers() {
        String guest = stand.stranger();
        JsonObject me = stand.asToken(guest, "GET", "/api/v1/auth/me", null).json();
        String members = WORKSPACES + "/demo/members";
        JsonObject viewer = new JsonObject().put("email", me.getString("email")).put("role", "viewer");

        assertThat(stand.as("bob", "POST", members, viewer).status()).isEqualTo(403);
        assertThat(stand.as("ada", "POST", members, viewer).status()).isEqualTo(201);
        assertThat(stand.asToken(guest, "GET", members, null).items()).hasSizeGreaterThanOrEqualTo(3);
        assertThat(stand.asToken(
                                guest,
                                "POST",
                                "/api/v1/documents",
                                new JsonObject().put("title", "x").put("workspace_id", "demo"))
                        .status())
                .isEqualTo(403);
        String member = members + "/" + me.getString("id");
        assertThat(stand.as("ada", "PATCH", member, new JsonObject().put("role", "editor"))
                        .json()
                        .getString("role"))
                .isEqualTo("editor");
        assertThat(stand.as("ada", "DELETE", member, null).status()).isEqualTo(204);
        assertThat(stand.asToken(guest, "GET", members, null).status()).isEqualTo(404);
    }

    @Test
    void keepsTheLastOwner() {
        String ada = stand.as("ada", "GET", "/api/v1/auth/me", null).json().getString("id");

        assertThat(stand.as("ada", "DELETE", WORKSPACES + "/demo/members/" + ada, null)
                        .code())
                .isEqualTo("last_owner");
    }

    @Test
    void namesAMemberByExactlyOneOfIdAndAddress() {
        String members = WORKSPACES + "/demo/members";

        assertThat(stand.as("ada", "PUT", members, new JsonObject().put("role", "viewer"))
                        .status())
                .isEqualTo(422);
        assertThat(stand.as(
                                "ada",
                                "PUT",
                                members,
                                new JsonObject()
                                        .put("email", "nobody@example.com")
                                        .put("role", "viewer"))
                        .code())
                .isEqualTo("unknown_user");
    }

    @Test
    void namesTheMemberOfTheBodyThatShieldRefuses() {
        Answer answer = stand.as(
                "ada", "POST", WORKSPACES, new JsonObject().put("name", "West").put("slug", "No Slug"));

        assertThat(answer.code()).isEqualTo("invalid_field");
        assertThat(answer.json().getString("pointer")).isEqualTo("#/slug");
    }

    @Test
    void refusesTheCursorOfNoPageAsAParameter() {
        for (String list : new String[] {WORKSPACES, WORKSPACES + "/demo/members"}) {
            Answer answer = stand.as("ada", "GET", list + "?cursor=x", null);

            assertThat(answer.status()).as(list).isEqualTo(400);
            assertThat(answer.json().getString("parameter")).as(list).isEqualTo("cursor");
        }
    }

    @Test
    void findsNoWorkspaceBehindABlankName() {
        assertThat(stand.as("ada", "GET", WORKSPACES + "/%20", null).status()).isEqualTo(404);
        assertThat(stand.as("ada", "GET", "/api/v1/documents?workspace_id=%20", null)
                        .status())
                .isEqualTo(404);
    }
}
