package ai.materi.auth;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.auth.v1.Action;
import ai.materi.proto.auth.v1.Authorization;
import ai.materi.proto.auth.v1.AuthorizeRequest;
import ai.materi.proto.auth.v1.DocumentState;
import ai.materi.proto.auth.v1.GetWorkspaceRequest;
import ai.materi.proto.auth.v1.Grant;
import ai.materi.proto.auth.v1.ListGrantsRequest;
import ai.materi.proto.auth.v1.PutGrantRequest;
import ai.materi.proto.auth.v1.RemoveGrantRequest;
import ai.materi.proto.auth.v1.Role;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GrantsTest {
    private static ShieldHost shield;

    private Person ada;
    private Person guest;
    private String workspace = "";
    private UUID document = new UUID(0, 0);

    @BeforeAll
    static void start() {
        shield = ShieldHost.start(Map.of());
    }

    @AfterAll
    static void stop() {
        shield.close();
    }

    @BeforeEach
    void found() {
        ada = shield.person("ada");
        guest = shield.person("guest");
        workspace = shield.workspace(ada);
        document = shield.document(ada, workspace);
    }

    @Test
    void letsAGuestIntoOneDocumentAndNoOther() {
        UUID other = shield.document(ada, workspace);
        Grant grant = grant(Role.ROLE_EDITOR);

        assertThat(grant.getUser()).isEqualTo(guest.session().getUser());
        assertThat(grant.getRole()).isEqualTo(Role.ROLE_EDITOR);
        Authorization write = authorize(guest, document, Action.ACTION_WRITE);
        assertThat(write.getAllowed()).isTrue();
        assertThat(write.getWorkspaceId()).isEqualTo(workspace);
        assertThat(refusedAuthorization(guest, other)).isEqualTo(ProblemCode.NOT_FOUND);
        assertThat(shield.refusalAs(
                                guest,
                                auth -> auth.getWorkspace(GetWorkspaceRequest.newBuilder()
                                        .setWorkspace(workspace)
                                        .build()))
                        .code())
                .isEqualTo(ProblemCode.NOT_FOUND);
        shield.awaitChange(UUID.fromString(workspace), document, guest.id());
    }

    @Test
    void countsTheStrongerOfGrantAndRole() {
        shield.join(ada, workspace, guest, Role.ROLE_VIEWER);
        grant(Role.ROLE_EDITOR);
        assertThat(authorize(guest, document, Action.ACTION_WRITE).getRole()).isEqualTo(Role.ROLE_EDITOR);

        shield.join(ada, workspace, guest, Role.ROLE_ADMIN);
        assertThat(authorize(guest, document, Action.ACTION_MANAGE).getRole()).isEqualTo(Role.ROLE_ADMIN);
    }

    @Test
    void changesAGrant() {
        grant(Role.ROLE_EDITOR);
        grant(Role.ROLE_VIEWER);
        assertThat(authorize(guest, document, Action.ACTION_WRITE).getAllowed()).isFalse();
        assertThat(grants()).hasSize(1);
    }

    @Test
    void withdrawsAGrant() {
        grant(Role.ROLE_EDITOR);
        shield.as(ada, auth -> auth.removeGrant(removal()));

        assertThat(refusedAuthorization(guest, document)).isEqualTo(ProblemCode.NOT_FOUND);
        assertThat(shield.refusalAs(ada, auth -> auth.removeGrant(removal())).code())
                .isEqualTo(ProblemCode.NOT_FOUND);
    }

    @Test
    void letsGuestsGiveUpTheirOwn() {
        grant(Role.ROLE_VIEWER);
        shield.as(guest, auth -> auth.removeGrant(removal()));
        assertThat(refusedAuthorization(guest, document)).isEqualTo(ProblemCode.NOT_FOUND);
    }

    @ParameterizedTest
    @EnumSource(
            value = Role.class,
            names = {"ROLE_VIEWER", "ROLE_COMMENTER", "ROLE_EDITOR"})
    void isManagedByAdminsOnly(Role role) {
        Person member = shield.person("member");
        shield.join(ada, workspace, member, role);
        assertThat(shield.refusalAs(member, auth -> auth.putGrant(put(Role.ROLE_VIEWER)))
                        .code())
                .isEqualTo(ProblemCode.FORBIDDEN);
        assertThat(shield.refusalAs(member, auth -> auth.listGrants(listing())).code())
                .isEqualTo(ProblemCode.FORBIDDEN);
        grant(Role.ROLE_VIEWER);
        assertThat(shield.refusalAs(member, auth -> auth.removeGrant(removal())).code())
                .isEqualTo(ProblemCode.FORBIDDEN);
    }

    @Test
    void letsAGuestManageNothing() {
        grant(Role.ROLE_EDITOR);
        assertThat(shield.refusalAs(guest, auth -> auth.listGrants(listing())).code())
                .isEqualTo(ProblemCode.FORBIDDEN);
        Person stranger = shield.person("stranger");
        assertThat(shield.refusalAs(stranger, auth -> auth.putGrant(put(Role.ROLE_EDITOR)))
                        .code())
                .isEqualTo(ProblemCode.NOT_FOUND);
    }

    @ParameterizedTest
    @EnumSource(
            value = Role.class,
            names = {"ROLE_ADMIN", "ROLE_OWNER", "ROLE_UNSPECIFIED"})
    void grantsNothingAboveEditor(Role role) {
        Problem problem = shield.refusalAs(ada, auth -> auth.putGrant(put(role)));
        assertThat(problem.code()).isEqualTo(ProblemCode.INVALID_FIELD);
        assertThat(problem.members()).containsEntry("field", "role");
    }

    @Test
    void endsWithThePurgeOfItsDocument() {
        grant(Role.ROLE_EDITOR);
        shield.setState(ada, document, DocumentState.DOCUMENT_STATE_PURGED);
        assertThat(shield.count("select count(*) from auth.grants where document_id = '" + document + "'"))
                .isZero();
    }

    private Grant grant(Role role) {
        return shield.as(ada, auth -> auth.putGrant(put(role)));
    }

    private List<Grant> grants() {
        return shield.as(ada, auth -> auth.listGrants(listing())).getItemsList();
    }

    private PutGrantRequest put(Role role) {
        return PutGrantRequest.newBuilder()
                .setDocumentId(document.toString())
                .setEmail(guest.email())
                .setRole(role)
                .build();
    }

    private ListGrantsRequest listing() {
        return ListGrantsRequest.newBuilder().setDocumentId(document.toString()).build();
    }

    private RemoveGrantRequest removal() {
        return RemoveGrantRequest.newBuilder()
                .setDocumentId(document.toString())
                .setUserId(guest.idText())
                .build();
    }

    private static Authorization authorize(Person person, UUID document, Action action) {
        return shield.as(
                person,
                auth -> auth.authorize(AuthorizeRequest.newBuilder()
                        .setDocumentId(document.toString())
                        .setAction(action)
                        .build()));
    }

    private static ProblemCode refusedAuthorization(Person person, UUID document) {
        return shield.refusalAs(
                        person,
                        auth -> auth.authorize(AuthorizeRequest.newBuilder()
                                .setDocumentId(document.toString())
                                .setAction(Action.ACTION_READ)
                                .build()))
                .code();
    }
}
