package ai.materi.auth;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.auth.v1.ListMembersRequest;
import ai.materi.proto.auth.v1.Member;
import ai.materi.proto.auth.v1.MemberPage;
import ai.materi.proto.auth.v1.PutMemberRequest;
import ai.materi.proto.auth.v1.RemoveMemberReply;
import ai.materi.proto.auth.v1.RemoveMemberRequest;
import ai.materi.proto.auth.v1.Role;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MembersTest {
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
    void addsAMemberByIdOrByAddress() {
        Person carol = shield.person("carol");
        Member byId = shield.join(ada, workspace, bob, Role.ROLE_EDITOR);
        Member byEmail = shield.as(
                ada,
                auth -> auth.putMember(PutMemberRequest.newBuilder()
                        .setWorkspace(workspace)
                        .setEmail(carol.email().toUpperCase(Locale.ROOT))
                        .setRole(Role.ROLE_VIEWER)
                        .build()));

        assertThat(byId.getUser()).isEqualTo(bob.session().getUser());
        assertThat(byId.getRole()).isEqualTo(Role.ROLE_EDITOR);
        assertThat(byEmail.getUser()).isEqualTo(carol.session().getUser());
        assertThat(members(bob))
                .extracting(Member::getRole)
                .containsExactly(Role.ROLE_OWNER, Role.ROLE_EDITOR, Role.ROLE_VIEWER);
    }

    @Test
    void tellsEveryNodeAndTheStreamOfAChange() {
        shield.join(ada, workspace, bob, Role.ROLE_EDITOR);
        shield.awaitChange(UUID.fromString(workspace), null, bob.id());
        assertThat(shield.onlyEvent("member.changed", bob.idText()))
                .satisfies(
                        event -> assertThat(event.getMemberChanged().getRole()).isEqualTo("editor"))
                .satisfies(event -> assertThat(event.getActorId()).isEqualTo(ada.idText()))
                .satisfies(event -> assertThat(event.getWorkspaceId()).isEqualTo(workspace));
    }

    @Test
    void statesNothingWhenNothingChanges() {
        shield.join(ada, workspace, bob, Role.ROLE_EDITOR);
        shield.join(ada, workspace, bob, Role.ROLE_EDITOR);
        assertThat(shield.onlyEvent("member.changed", bob.idText()).getActorId())
                .isEqualTo(ada.idText());
    }

    @Test
    void changesARole() {
        shield.join(ada, workspace, bob, Role.ROLE_EDITOR);
        assertThat(shield.join(ada, workspace, bob, Role.ROLE_ADMIN).getRole()).isEqualTo(Role.ROLE_ADMIN);
    }

    @Test
    void refusesSomebodyWhoIsNotRegistered() {
        assertThat(refusedPut(ada, put("", "nobody@nowhere.example", Role.ROLE_VIEWER)))
                .isEqualTo(ProblemCode.UNKNOWN_USER);
        assertThat(refusedPut(ada, put("0198c0de-0000-7000-8000-000000000000", "", Role.ROLE_VIEWER)))
                .isEqualTo(ProblemCode.UNKNOWN_USER);
    }

    @Test
    void tellsOnlyAdminsWhoIsRegistered() {
        Person editor = shield.person("editor");
        shield.join(ada, workspace, editor, Role.ROLE_EDITOR);
        assertThat(refusedPut(editor, put("", "nobody@nowhere.example", Role.ROLE_VIEWER)))
                .isEqualTo(ProblemCode.FORBIDDEN);
        assertThat(refusedPut(editor, put("", bob.email(), Role.ROLE_VIEWER))).isEqualTo(ProblemCode.FORBIDDEN);
        assertThat(refusedPut(bob, put("", ada.email(), Role.ROLE_VIEWER))).isEqualTo(ProblemCode.NOT_FOUND);
    }

    @Test
    void refusesAMemberWithoutNameOrRole() {
        assertThat(refusedPut(ada, put("", "", Role.ROLE_VIEWER))).isEqualTo(ProblemCode.INVALID_FIELD);
        assertThat(refusedPut(ada, put(bob.idText(), bob.email(), Role.ROLE_VIEWER)))
                .isEqualTo(ProblemCode.INVALID_FIELD);
        assertThat(refusedPut(ada, put(bob.idText(), "", Role.ROLE_UNSPECIFIED)))
                .isEqualTo(ProblemCode.INVALID_FIELD);
        assertThat(refusedPut(
                        ada,
                        put(bob.idText(), "", Role.ROLE_VIEWER).toBuilder()
                                .setRoleValue(99)
                                .build()))
                .isEqualTo(ProblemCode.INVALID_FIELD);
    }

    @Test
    void letsOwnersOnlyMakeAndUnmakeOwners() {
        Person admin = shield.person("admin");
        shield.join(ada, workspace, admin, Role.ROLE_ADMIN);

        assertThat(refusedPut(admin, put(bob.idText(), "", Role.ROLE_OWNER))).isEqualTo(ProblemCode.FORBIDDEN);
        assertThat(refusedPut(admin, put(admin.idText(), "", Role.ROLE_OWNER))).isEqualTo(ProblemCode.FORBIDDEN);
        assertThat(refusedPut(admin, put(ada.idText(), "", Role.ROLE_VIEWER))).isEqualTo(ProblemCode.FORBIDDEN);
        assertThat(shield.refusalAs(admin, auth -> auth.removeMember(removal(ada)))
                        .code())
                .isEqualTo(ProblemCode.FORBIDDEN);
        assertThat(shield.join(admin, workspace, bob, Role.ROLE_ADMIN).getRole())
                .isEqualTo(Role.ROLE_ADMIN);
    }

    @Test
    void keepsTheLastOwner() {
        shield.join(ada, workspace, bob, Role.ROLE_ADMIN);
        assertThat(refusedPut(ada, put(ada.idText(), "", Role.ROLE_ADMIN))).isEqualTo(ProblemCode.LAST_OWNER);
        assertThat(shield.refusalAs(ada, auth -> auth.removeMember(removal(ada)))
                        .code())
                .isEqualTo(ProblemCode.LAST_OWNER);
    }

    @Test
    void keepsAnOwnerWhenAllOfThemStepDownAtOnce() {
        for (int round = 0; round < 5; round++) {
            String contested = shield.workspace(ada);
            List<Person> owners = List.of(ada, bob, shield.person("third"));
            owners.stream().skip(1).forEach(owner -> shield.join(ada, contested, owner, Role.ROLE_OWNER));

            List<Future<Member>> steppingDown = new ArrayList<>();
            owners.forEach(owner -> steppingDown.add(shield.startAs(
                    owner,
                    auth -> auth.putMember(put(owner.idText(), "", Role.ROLE_EDITOR).toBuilder()
                            .setWorkspace(contested)
                            .build()))));
            shield.settle(steppingDown);

            assertThat(steppingDown).filteredOn(Future::succeeded).hasSize(2);
            assertThat(steppingDown)
                    .filteredOn(Future::failed)
                    .allSatisfy(
                            kept -> assertThat(((Problem) kept.cause()).code()).isEqualTo(ProblemCode.LAST_OWNER));
        }
    }

    @Test
    void keepsAnOwnerWhenAllOfThemLeaveAtOnce() {
        shield.join(ada, workspace, bob, Role.ROLE_OWNER);
        List<Future<RemoveMemberReply>> leaving = List.of(
                shield.startAs(ada, auth -> auth.removeMember(removal(ada))),
                shield.startAs(bob, auth -> auth.removeMember(removal(bob))));
        shield.settle(leaving);
        assertThat(leaving).filteredOn(Future::succeeded).hasSize(1);
    }

    @Test
    void letsAnybodyLeave() {
        shield.join(ada, workspace, bob, Role.ROLE_VIEWER);
        shield.as(bob, auth -> auth.removeMember(removal(bob)));
        assertThat(members(ada)).hasSize(1);
        assertThat(shield.refusalAs(bob, auth -> auth.listMembers(listing())).code())
                .isEqualTo(ProblemCode.NOT_FOUND);
    }

    @Test
    void removesAMember() {
        shield.join(ada, workspace, bob, Role.ROLE_EDITOR);
        shield.as(ada, auth -> auth.removeMember(removal(bob)));

        assertThat(members(ada)).hasSize(1);
        assertThat(shield.events("member.changed", bob.idText(), 2))
                .extracting(event -> event.getMemberChanged().getRole())
                .containsExactly("editor", "");
        assertThat(shield.refusalAs(ada, auth -> auth.removeMember(removal(bob)))
                        .code())
                .isEqualTo(ProblemCode.NOT_FOUND);
    }

    @Test
    void letsNoEditorRemoveAnybodyElse() {
        Person carol = shield.person("carol");
        shield.join(ada, workspace, bob, Role.ROLE_EDITOR);
        shield.join(ada, workspace, carol, Role.ROLE_VIEWER);
        assertThat(shield.refusalAs(bob, auth -> auth.removeMember(removal(carol)))
                        .code())
                .isEqualTo(ProblemCode.FORBIDDEN);
    }

    @Test
    void listsMembersPageByPage() {
        for (int i = 0; i < 4; i++) {
            shield.join(ada, workspace, shield.person("page" + i), Role.ROLE_VIEWER);
        }
        List<String> seen = new ArrayList<>();
        String cursor = "";
        do {
            String from = cursor;
            MemberPage page = shield.as(
                    ada,
                    auth -> auth.listMembers(
                            listing().toBuilder().setLimit(2).setCursor(from).build()));
            page.getItemsList().forEach(member -> seen.add(member.getUser().getId()));
            cursor = page.getNext();
        } while (!cursor.isEmpty());
        assertThat(seen).hasSize(5).doesNotHaveDuplicates();
    }

    private List<Member> members(Person person) {
        return shield.as(person, auth -> auth.listMembers(listing())).getItemsList();
    }

    private ListMembersRequest listing() {
        return ListMembersRequest.newBuilder().setWorkspace(workspace).build();
    }

    private PutMemberRequest put(String userId, String email, Role role) {
        return PutMemberRequest.newBuilder()
                .setWorkspace(workspace)
                .setUserId(userId)
                .setEmail(email)
                .setRole(role)
                .build();
    }

    private RemoveMemberRequest removal(Person whom) {
        return RemoveMemberRequest.newBuilder()
                .setWorkspace(workspace)
                .setUserId(whom.idText())
                .build();
    }

    private static ProblemCode refusedPut(Person person, PutMemberRequest request) {
        return shield.refusalAs(person, auth -> auth.putMember(request)).code();
    }
}
