package ai.materi.auth;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.auth.v1.CreateWorkspaceRequest;
import ai.materi.proto.auth.v1.DeleteWorkspaceRequest;
import ai.materi.proto.auth.v1.DocumentState;
import ai.materi.proto.auth.v1.GetWorkspaceRequest;
import ai.materi.proto.auth.v1.ListWorkspacesRequest;
import ai.materi.proto.auth.v1.Role;
import ai.materi.proto.auth.v1.UpdateWorkspaceRequest;
import ai.materi.proto.auth.v1.Workspace;
import ai.materi.proto.auth.v1.WorkspacePage;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkspacesTest {
    private static ShieldHost shield;

    @BeforeAll
    static void start() {
        shield = ShieldHost.start(Map.of("auth.workspaces_per_user", "3"));
    }

    @AfterAll
    static void stop() {
        shield.close();
    }

    @Test
    void makesAWorkspaceThatIsItsFoundersOwn() {
        Person ada = shield.person("founder");
        Workspace made = create(ada, "Analytical Engine", "");

        assertThat(made.getSlug()).isEqualTo("analytical-engine");
        assertThat(made.getName()).isEqualTo("Analytical Engine");
        assertThat(made.getRole()).isEqualTo(Role.ROLE_OWNER);
        assertThat(Instant.parse(made.getCreatedAt())).isBefore(Instant.now().plusSeconds(5));
        assertThat(get(ada, made.getId())).isEqualTo(made);
        assertThat(get(ada, made.getSlug())).isEqualTo(made);
        assertThat(shield.onlyEvent("member.changed", ada.idText())
                        .getMemberChanged()
                        .getRole())
                .isEqualTo("owner");
        shield.awaitChange(UUID.fromString(made.getId()), null, ada.id());
    }

    @Test
    void tellsWorkspacesOfOneNameApart() {
        Person ada = shield.person("namesakes");
        Workspace first = create(ada, "Same Name", "");
        Workspace second = create(ada, "Same Name", "");
        assertThat(second.getSlug()).startsWith(first.getSlug() + "-");
    }

    @Test
    void refusesASlugThatIsTaken() {
        create(shield.person("slug-first"), "First", "taken-slug");
        Person late = shield.person("slug-late");
        assertThat(shield.refusalAs(late, auth -> auth.createWorkspace(creation("Late", "taken-slug")))
                        .code())
                .isEqualTo(ProblemCode.SLUG_TAKEN);
    }

    @Test
    void letsNobodyOwnMoreThanTheirQuotaHoweverFastTheyAsk() {
        Person ada = shield.person("quota");
        List<Future<Workspace>> racing = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            String name = "Quota " + i;
            racing.add(shield.startAs(ada, auth -> auth.createWorkspace(creation(name, ""))));
        }
        shield.settle(racing);

        assertThat(racing).filteredOn(Future::succeeded).hasSize(3);
        assertThat(racing)
                .filteredOn(Future::failed)
                .allSatisfy(late -> assertThat(((Problem) late.cause()).code()).isEqualTo(ProblemCode.FORBIDDEN));
    }

    @Test
    void listsTheWorkspacesOfTheCallerPageByPage() {
        Person ada = shield.person("lister");
        create(shield.person("stranger"), "Strange", "");
        List<String> made = List.of(
                create(ada, "One", "").getId(),
                create(ada, "Two", "").getId(),
                create(ada, "Three", "").getId());

        WorkspacePage first = shield.as(
                ada,
                auth -> auth.listWorkspaces(
                        ListWorkspacesRequest.newBuilder().setLimit(2).build()));
        WorkspacePage rest = shield.as(
                ada,
                auth -> auth.listWorkspaces(ListWorkspacesRequest.newBuilder()
                        .setCursor(first.getNext())
                        .build()));

        List<String> listed = new ArrayList<>();
        first.getItemsList().forEach(workspace -> listed.add(workspace.getId()));
        rest.getItemsList().forEach(workspace -> listed.add(workspace.getId()));
        assertThat(listed).isEqualTo(made);
        assertThat(rest.getNext()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no-such-workspace",
                "0198c0de-0000-7000-8000-000000000000",
                "' or '1'='1",
                "demo'; drop table auth.workspaces; --",
                "../../etc",
                "%"
            })
    void findsNothingUnderANameThatIsNobodys(String name) {
        Person ada = shield.person("searcher");
        assertThat(shield.refusalAs(ada, auth -> auth.getWorkspace(getting(name)))
                        .code())
                .isEqualTo(ProblemCode.NOT_FOUND);
    }

    @Test
    void doesNotExistForWhoIsNotIn() {
        Workspace secret = create(shield.person("insider"), "Secret", "");
        Person outsider = shield.person("outsider");

        assertThat(shield.refusalAs(outsider, auth -> auth.getWorkspace(getting(secret.getId())))
                        .code())
                .isEqualTo(ProblemCode.NOT_FOUND);
        assertThat(shield.refusalAs(
                                outsider,
                                auth -> auth.deleteWorkspace(DeleteWorkspaceRequest.newBuilder()
                                        .setWorkspace(secret.getSlug())
                                        .build()))
                        .code())
                .isEqualTo(ProblemCode.NOT_FOUND);
    }

    @Test
    void changesNameAndSlug() {
        Person ada = shield.person("renamer");
        Workspace made = create(ada, "Before", "before-rename");
        Workspace changed = shield.as(
                ada,
                auth -> auth.updateWorkspace(UpdateWorkspaceRequest.newBuilder()
                        .setWorkspace(made.getId())
                        .setName("After")
                        .setSlug("after-rename")
                        .build()));

        assertThat(changed.getName()).isEqualTo("After");
        assertThat(changed.getSlug()).isEqualTo("after-rename");
        assertThat(Instant.parse(changed.getUpdatedAt())).isAfter(Instant.parse(made.getUpdatedAt()));
        assertThat(shield.refusalAs(ada, auth -> auth.getWorkspace(getting("before-rename")))
                        .code())
                .isEqualTo(ProblemCode.NOT_FOUND);
    }

    @Test
    void leavesAloneWhatIsNotSaid() {
        Person ada = shield.person("modest");
        Workspace made = create(ada, "Modest", "");
        Workspace changed = shield.as(
                ada,
                auth -> auth.updateWorkspace(UpdateWorkspaceRequest.newBuilder()
                        .setWorkspace(made.getId())
                        .setName("Still Modest")
                        .build()));
        assertThat(changed.getSlug()).isEqualTo(made.getSlug());
    }

    @ParameterizedTest
    @EnumSource(
            value = Role.class,
            names = {"ROLE_VIEWER", "ROLE_COMMENTER", "ROLE_EDITOR", "ROLE_ADMIN"})
    void isManagedByItsOwnersOnly(Role role) {
        Person ada = shield.person("owner-of");
        Person other = shield.person("not-owner");
        Workspace made = create(ada, "Owned", "");
        shield.join(ada, made.getId(), other, role);

        assertThat(get(other, made.getId()).getRole()).isEqualTo(role);
        assertThat(shield.refusalAs(
                                other,
                                auth -> auth.updateWorkspace(UpdateWorkspaceRequest.newBuilder()
                                        .setWorkspace(made.getId())
                                        .setName("Mine now")
                                        .build()))
                        .code())
                .isEqualTo(ProblemCode.FORBIDDEN);
        assertThat(shield.refusalAs(other, auth -> auth.deleteWorkspace(deletion(made)))
                        .code())
                .isEqualTo(ProblemCode.FORBIDDEN);
    }

    @Test
    void deletesAnEmptyWorkspace() {
        Person ada = shield.person("deleter");
        Workspace made = create(ada, "Short-lived", "");
        shield.as(ada, auth -> auth.deleteWorkspace(deletion(made)));

        assertThat(shield.refusalAs(ada, auth -> auth.getWorkspace(getting(made.getId())))
                        .code())
                .isEqualTo(ProblemCode.NOT_FOUND);
        shield.awaitChange(UUID.fromString(made.getId()), null, null);
    }

    @Test
    void keepsAWorkspaceThatStillHasDocuments() {
        Person ada = shield.person("keeper");
        Workspace made = create(ada, "Full", "");
        UUID document = shield.document(ada, made.getId());

        assertThat(shield.refusalAs(ada, auth -> auth.deleteWorkspace(deletion(made)))
                        .code())
                .isEqualTo(ProblemCode.WORKSPACE_NOT_EMPTY);
        shield.setState(ada, document, DocumentState.DOCUMENT_STATE_TRASHED);
        assertThat(shield.refusalAs(ada, auth -> auth.deleteWorkspace(deletion(made)))
                        .code())
                .isEqualTo(ProblemCode.WORKSPACE_NOT_EMPTY);
        shield.setState(ada, document, DocumentState.DOCUMENT_STATE_PURGED);
        shield.as(ada, auth -> auth.deleteWorkspace(deletion(made)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "UPPER", "with space", "-dash", "a'; drop table auth.users; --"})
    void refusesWhatIsNoSlug(String slug) {
        Person ada = shield.person("bad-slug");
        Problem problem = shield.refusalAs(ada, auth -> auth.createWorkspace(creation("Name", slug)));
        assertThat(problem.code()).isEqualTo(ProblemCode.INVALID_FIELD);
        assertThat(problem.members()).containsEntry("field", "slug");
    }

    @Test
    void needsACaller() {
        assertThat(shield.refusal(auth -> auth.createWorkspace(creation("Name", "")))
                        .code())
                .isEqualTo(ProblemCode.UNAUTHENTICATED);
    }

    private static Workspace create(Person founder, String name, String slug) {
        return shield.as(founder, auth -> auth.createWorkspace(creation(name, slug)));
    }

    private static Workspace get(Person person, String workspace) {
        return shield.as(person, auth -> auth.getWorkspace(getting(workspace)));
    }

    private static CreateWorkspaceRequest creation(String name, String slug) {
        return CreateWorkspaceRequest.newBuilder().setName(name).setSlug(slug).build();
    }

    private static GetWorkspaceRequest getting(String workspace) {
        return GetWorkspaceRequest.newBuilder().setWorkspace(workspace).build();
    }

    private static DeleteWorkspaceRequest deletion(Workspace workspace) {
        return DeleteWorkspaceRequest.newBuilder()
                .setWorkspace(workspace.getId())
                .build();
    }
}
