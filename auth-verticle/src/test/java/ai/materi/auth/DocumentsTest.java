package ai.materi.auth;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.platform.node.Await;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.auth.v1.Action;
import ai.materi.proto.auth.v1.Authorization;
import ai.materi.proto.auth.v1.AuthorizeRequest;
import ai.materi.proto.auth.v1.DeleteWorkspaceRequest;
import ai.materi.proto.auth.v1.DocumentRegistration;
import ai.materi.proto.auth.v1.DocumentState;
import ai.materi.proto.auth.v1.RegisterDocumentRequest;
import ai.materi.proto.auth.v1.RemoveMemberRequest;
import ai.materi.proto.auth.v1.Role;
import ai.materi.proto.auth.v1.SetDocumentStateRequest;
import ai.materi.proto.auth.v1.WithdrawDocumentRequest;
import com.fasterxml.uuid.Generators;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentsTest {
    private static ShieldHost shield;

    private Person ada;
    private Person bob;
    private String workspace = "";

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
        bob = shield.person("bob");
        workspace = shield.workspace(ada);
    }

    @Test
    void registersADocumentOnce() {
        UUID id = newId();
        DocumentRegistration first = shield.as(ada, auth -> auth.registerDocument(registration(id, workspace)));
        DocumentRegistration again = shield.as(ada, auth -> auth.registerDocument(registration(id, workspace)));

        assertThat(first.getWorkspaceId()).isEqualTo(workspace);
        assertThat(first.getFresh()).isTrue();
        assertThat(again).isEqualTo(first.toBuilder().setFresh(false).build());
        assertThat(authorize(ada, id, Action.ACTION_WRITE).getAllowed()).isTrue();
    }

    @Test
    void refusesAnIdThatIsAnotherDocuments() {
        UUID id = shield.document(ada, workspace);
        String other = shield.workspace(bob);
        assertThat(refusedRegistration(bob, registration(id, other))).isEqualTo(ProblemCode.CONFLICT);
    }

    @Test
    void refusesAnIdThatWasPurged() {
        UUID id = shield.document(ada, workspace);
        shield.setState(ada, id, DocumentState.DOCUMENT_STATE_PURGED);
        assertThat(refusedRegistration(ada, registration(id, workspace))).isEqualTo(ProblemCode.CONFLICT);
    }

    @Test
    void takesADocumentFromEditorsOnly() {
        shield.join(ada, workspace, bob, Role.ROLE_COMMENTER);
        assertThat(refusedRegistration(bob, registration(newId(), workspace))).isEqualTo(ProblemCode.FORBIDDEN);
        assertThat(refusedRegistration(shield.person("stranger"), registration(newId(), workspace)))
                .isEqualTo(ProblemCode.NOT_FOUND);
        shield.join(ada, workspace, bob, Role.ROLE_EDITOR);
        shield.as(bob, auth -> auth.registerDocument(registration(newId(), workspace)));
    }

    @Test
    void takesARegistrationBackForWhoMadeItAndNobodyElse() {
        UUID id = shield.document(ada, workspace);
        shield.join(ada, workspace, bob, Role.ROLE_ADMIN);

        withdraw(bob, id);
        assertThat(authorize(ada, id, Action.ACTION_WRITE).getAllowed()).isTrue();
        withdraw(ada, id);

        assertThat(refusedAuthorization(ada, id, Action.ACTION_READ)).isEqualTo(ProblemCode.NOT_FOUND);
        shield.as(ada, auth -> auth.deleteWorkspace(deletion(workspace)));
    }

    @Test
    void takesARegistrationBackForWhoIsNoMemberAnyMore() {
        shield.join(ada, workspace, bob, Role.ROLE_EDITOR);
        UUID id = shield.document(bob, workspace);
        shield.as(ada, auth -> auth.removeMember(removal(bob)));

        withdraw(bob, id);

        assertThat(refusedAuthorization(ada, id, Action.ACTION_READ)).isEqualTo(ProblemCode.NOT_FOUND);
    }

    @ParameterizedTest
    @ValueSource(strings = {"created_at = now() - interval '6 minutes'", "state = 'trashed'"})
    void takesNoDocumentBackThatHasComeIntoBeing(String since) {
        UUID id = shield.document(ada, workspace);
        shield.execute("update auth.documents set " + since + " where document_id = '" + id + "'");

        withdraw(ada, id);

        assertThat(authorize(ada, id, Action.ACTION_RESTORE).getAllowed()).isTrue();
    }

    @Test
    void judgesEachOfManyRegistrationsAlone() {
        Person stranger = shield.person("stranger");
        shield.join(ada, workspace, bob, Role.ROLE_VIEWER);
        List<Person> people = List.of(ada, bob, stranger);
        List<Future<DocumentRegistration>> answers = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            answers.add(
                    shield.startAs(people.get(i % 3), auth -> auth.registerDocument(registration(newId(), workspace))));
        }
        shield.settle(answers);

        for (int i = 0; i < answers.size(); i++) {
            assertThat(code(answers.get(i)))
                    .isEqualTo(Arrays.asList(null, ProblemCode.FORBIDDEN, ProblemCode.NOT_FOUND)
                            .get(i % 3));
        }
    }

    @Test
    void registersTheOthersWhenOneWorkspaceIsDeletedMeanwhile() {
        String doomed = shield.workspace(ada);
        List<Future<DocumentRegistration>> answers = new ArrayList<>();
        shield.holding("delete from auth.workspaces where id = '" + doomed + "'", () -> {
            for (int i = 0; i < 40; i++) {
                String where = i % 4 == 0 ? doomed : workspace;
                answers.add(shield.startAs(ada, auth -> auth.registerDocument(registration(newId(), where))));
            }
            Await.until(
                    "somebody waits for the workspace",
                    () -> shield.count("select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                                    + " and query like '%register_documents%' and datname = current_database()")
                            > 0);
        });
        shield.settle(answers);

        for (int i = 0; i < answers.size(); i++) {
            assertThat(code(answers.get(i))).isEqualTo(i % 4 == 0 ? ProblemCode.NOT_FOUND : null);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "4fe29d68-8a6f-4c5e-9d0a-2b6f4a1c9d11", "' or 1=1 --"})
    void refusesWhatIsNoNewId(String id) {
        Problem problem = shield.refusalAs(
                ada,
                auth -> auth.registerDocument(RegisterDocumentRequest.newBuilder()
                        .setDocumentId(id)
                        .setWorkspace(workspace)
                        .build()));
        assertThat(problem.code()).isEqualTo(ProblemCode.INVALID_FIELD);
        assertThat(problem.members()).containsEntry("field", "document_id");
    }

    @Test
    void answersWhatTheCallerMayDo() {
        UUID id = shield.document(ada, workspace);
        shield.join(ada, workspace, bob, Role.ROLE_COMMENTER);

        Authorization read = authorize(bob, id, Action.ACTION_READ);
        assertThat(read.getAllowed()).isTrue();
        assertThat(read.getRole()).isEqualTo(Role.ROLE_COMMENTER);
        assertThat(read.getWorkspaceId()).isEqualTo(workspace);
        assertThat(read.getState()).isEqualTo(DocumentState.DOCUMENT_STATE_ACTIVE);
        assertThat(authorize(bob, id, Action.ACTION_COMMENT).getAllowed()).isTrue();
        assertThat(authorize(bob, id, Action.ACTION_WRITE).getAllowed()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = Action.class,
            names = {"ACTION_READ", "ACTION_COMMENT", "ACTION_WRITE", "ACTION_MANAGE", "ACTION_RESTORE"})
    void hidesADocumentFromStrangers(Action action) {
        UUID id = shield.document(ada, workspace);
        assertThat(refusedAuthorization(bob, id, action)).isEqualTo(ProblemCode.NOT_FOUND);
        assertThat(refusedAuthorization(bob, newId(), action)).isEqualTo(ProblemCode.NOT_FOUND);
    }

    @Test
    void refusesToSayWhatOthersMayDo() {
        UUID id = shield.document(ada, workspace);
        shield.join(ada, workspace, bob, Role.ROLE_ADMIN);
        AuthorizeRequest request = AuthorizeRequest.newBuilder()
                .setUserId(ada.idText())
                .setDocumentId(id.toString())
                .setAction(Action.ACTION_READ)
                .build();
        assertThat(shield.refusalAs(bob, auth -> auth.authorize(request)).code())
                .isEqualTo(ProblemCode.FORBIDDEN);
        assertThat(shield.refusal(auth -> auth.authorize(request)).code()).isEqualTo(ProblemCode.UNAUTHENTICATED);
        assertThat(shield.as(ada, auth -> auth.authorize(request)).getAllowed()).isTrue();
    }

    @Test
    void refusesAnActionThatIsNone() {
        UUID id = shield.document(ada, workspace);
        assertThat(refusedAuthorization(ada, id, Action.ACTION_UNSPECIFIED)).isEqualTo(ProblemCode.INVALID_FIELD);
    }

    @Test
    void hidesATrashedDocumentFromAllWhoCouldNotRestoreIt() {
        UUID id = shield.document(ada, workspace);
        Person viewer = shield.person("viewer");
        shield.join(ada, workspace, bob, Role.ROLE_EDITOR);
        shield.join(ada, workspace, viewer, Role.ROLE_VIEWER);

        shield.setState(bob, id, DocumentState.DOCUMENT_STATE_TRASHED);

        shield.awaitChange(UUID.fromString(workspace), id, null);
        assertThat(refusedAuthorization(ada, id, Action.ACTION_READ)).isEqualTo(ProblemCode.NOT_FOUND);
        assertThat(refusedAuthorization(bob, id, Action.ACTION_WRITE)).isEqualTo(ProblemCode.NOT_FOUND);
        assertThat(refusedAuthorization(viewer, id, Action.ACTION_RESTORE)).isEqualTo(ProblemCode.NOT_FOUND);
        Authorization restore = authorize(bob, id, Action.ACTION_RESTORE);
        assertThat(restore.getAllowed()).isTrue();
        assertThat(restore.getState()).isEqualTo(DocumentState.DOCUMENT_STATE_TRASHED);

        shield.setState(bob, id, DocumentState.DOCUMENT_STATE_ACTIVE);
        assertThat(authorize(viewer, id, Action.ACTION_READ).getAllowed()).isTrue();
    }

    @Test
    void letsViewersTrashNothing() {
        UUID id = shield.document(ada, workspace);
        shield.join(ada, workspace, bob, Role.ROLE_VIEWER);
        assertThat(refusedState(bob, id, DocumentState.DOCUMENT_STATE_TRASHED)).isEqualTo(ProblemCode.FORBIDDEN);
        assertThat(refusedState(shield.person("stranger"), id, DocumentState.DOCUMENT_STATE_TRASHED))
                .isEqualTo(ProblemCode.NOT_FOUND);
        assertThat(refusedState(ada, id, DocumentState.DOCUMENT_STATE_UNSPECIFIED))
                .isEqualTo(ProblemCode.INVALID_FIELD);
    }

    @Test
    void letsAdminsOnlyPurge() {
        UUID id = shield.document(ada, workspace);
        shield.join(ada, workspace, bob, Role.ROLE_EDITOR);
        shield.setState(bob, id, DocumentState.DOCUMENT_STATE_TRASHED);

        assertThat(refusedState(bob, id, DocumentState.DOCUMENT_STATE_PURGED)).isEqualTo(ProblemCode.FORBIDDEN);
        shield.join(ada, workspace, bob, Role.ROLE_ADMIN);
        shield.setState(bob, id, DocumentState.DOCUMENT_STATE_PURGED);

        assertThat(refusedAuthorization(ada, id, Action.ACTION_RESTORE)).isEqualTo(ProblemCode.NOT_FOUND);
        assertThat(refusedState(ada, id, DocumentState.DOCUMENT_STATE_ACTIVE)).isEqualTo(ProblemCode.NOT_FOUND);
    }

    @Test
    void closesADocumentToWhoIsNoMemberAnyMore() {
        UUID id = shield.document(ada, workspace);
        shield.join(ada, workspace, bob, Role.ROLE_EDITOR);
        assertThat(authorize(bob, id, Action.ACTION_WRITE).getAllowed()).isTrue();

        shield.as(ada, auth -> auth.removeMember(removal(bob)));
        assertThat(refusedAuthorization(bob, id, Action.ACTION_READ)).isEqualTo(ProblemCode.NOT_FOUND);
    }

    private RemoveMemberRequest removal(Person person) {
        return RemoveMemberRequest.newBuilder()
                .setWorkspace(workspace)
                .setUserId(person.idText())
                .build();
    }

    private static DeleteWorkspaceRequest deletion(String workspace) {
        return DeleteWorkspaceRequest.newBuilder().setWorkspace(workspace).build();
    }

    private static void withdraw(Person person, UUID document) {
        shield.as(
                person,
                auth -> auth.withdrawDocument(WithdrawDocumentRequest.newBuilder()
                        .setDocumentId(document.toString())
                        .build()));
    }

    /** Null when it was not refused. */
    private static @Nullable ProblemCode code(Future<?> answer) {
        return answer.cause() instanceof Problem problem ? problem.code() : null;
    }

    private static UUID newId() {
        return Generators.timeBasedEpochGenerator().generate();
    }

    private static Authorization authorize(Person person, UUID document, Action action) {
        return shield.as(person, auth -> auth.authorize(request(document, action)));
    }

    private static ProblemCode refusedAuthorization(Person person, UUID document, Action action) {
        return shield.refusalAs(person, auth -> auth.authorize(request(document, action)))
                .code();
    }

    private static ProblemCode refusedRegistration(Person person, RegisterDocumentRequest request) {
        return shield.refusalAs(person, auth -> auth.registerDocument(request)).code();
    }

    private static ProblemCode refusedState(Person person, UUID document, DocumentState state) {
        return shield.refusalAs(
                        person,
                        auth -> auth.setDocumentState(SetDocumentStateRequest.newBuilder()
                                .setDocumentId(document.toString())
                                .setState(state)
                                .build()))
                .code();
    }

    private static AuthorizeRequest request(UUID document, Action action) {
        return AuthorizeRequest.newBuilder()
                .setDocumentId(document.toString())
                .setAction(action)
                .build();
    }

    private static RegisterDocumentRequest registration(UUID document, String workspace) {
        return RegisterDocumentRequest.newBuilder()
                .setDocumentId(document.toString())
                .setWorkspace(workspace)
                .build();
    }
}
