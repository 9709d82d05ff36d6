package ai.materi.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.auth.v1.GetRegistrationRequest;
import ai.materi.proto.auth.v1.ListMembersRequest;
import ai.materi.proto.auth.v1.LoginRequest;
import ai.materi.proto.auth.v1.Member;
import ai.materi.proto.auth.v1.RegisterRequest;
import ai.materi.proto.auth.v1.Role;
import ai.materi.proto.auth.v1.Session;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BootTest {
    private static final String CODE = "an-invitation-of-24-char";

    @Test
    void findsADemoWorkspaceInDevelopment() {
        try (ShieldHost shield = ShieldHost.start(Map.of())) {
            Person ada = shield.signedIn("ada@demo.materi.local", "materi-demo-1");
            shield.signedIn("bob@demo.materi.local", "materi-demo-1");

            assertThat(shield.as(
                                    ada,
                                    auth -> auth.listMembers(ListMembersRequest.newBuilder()
                                            .setWorkspace("demo")
                                            .build()))
                            .getItemsList())
                    .extracting(member -> member.getUser().getName(), Member::getRole)
                    .containsExactlyInAnyOrder(
                            tuple("Ada Lovelace", Role.ROLE_OWNER), tuple("Bob Kahn", Role.ROLE_EDITOR));
        }
    }

    @Test
    void leavesDemoDataAsItIsWhenItStartsAgain() {
        try (ShieldHost shield = ShieldHost.start(Map.of())) {
            shield.deployAgain();
            assertThat(shield.count("select count(*) from auth.users")).isEqualTo(2);
            assertThat(shield.count("select count(*) from auth.workspaces")).isEqualTo(1);
            assertThat(shield.count("select count(*) from auth.signing_keys")).isEqualTo(1);
        }
    }

    @Test
    void makesNoDemoDataWhenNobodyWantsIt() {
        try (ShieldHost shield = ShieldHost.start(Map.of("auth.demo.enabled", "false"))) {
            assertThat(shield.call(auth -> auth.getRegistration(GetRegistrationRequest.getDefaultInstance()))
                            .getDemo())
                    .isFalse();
            assertThat(shield.count("select count(*) from auth.users")).isZero();
        }
    }

    @Test
    void letsNobodyRegisterWhenThatIsOff() {
        try (ShieldHost shield = ShieldHost.start(Map.of("auth.registration.mode", "off"))) {
            assertThat(shield.refusal(auth -> auth.register(registration(CODE))).code())
                    .isEqualTo(ProblemCode.REGISTRATION_CLOSED);
        }
    }

    @Test
    void letsTheInvitedRegisterOnly() {
        try (ShieldHost shield = ShieldHost.start(Map.of(
                "auth.registration.mode",
                "invitation",
                "auth.registration.invitations",
                "another-invitation-code " + CODE))) {
            assertThat(shield.refusal(auth -> auth.register(registration(""))).code())
                    .isEqualTo(ProblemCode.REGISTRATION_CLOSED);
            assertThat(shield.refusal(auth -> auth.register(registration(CODE + "x")))
                            .code())
                    .isEqualTo(ProblemCode.REGISTRATION_CLOSED);
            assertThat(shield.call(auth -> auth.register(registration(CODE))).getAccessToken())
                    .isNotEmpty();
        }
    }

    @Test
    void refusesMoreHashesThanMayWait() {
        try (ShieldHost shield =
                ShieldHost.start(Map.of("auth.password.hash_threads", "1", "auth.password.hash_queue", "1"))) {
            LoginRequest login = LoginRequest.newBuilder()
                    .setEmail("ada@demo.materi.local")
                    .setPassword("materi-demo-1")
                    .build();
            List<Future<Session>> logins = IntStream.range(0, 20)
                    .mapToObj(i -> shield.start(auth -> auth.login(login)))
                    .toList();
            shield.settle(logins);

            assertThat(logins).anyMatch(Future::succeeded);
            assertThat(logins)
                    .filteredOn(Future::failed)
                    .isNotEmpty()
                    .allSatisfy(refused ->
                            assertThat(((Problem) refused.cause()).code()).isEqualTo(ProblemCode.OVERLOADED));
        }
    }

    private static RegisterRequest registration(String invitation) {
        return RegisterRequest.newBuilder()
                .setEmail("grace@navy.example")
                .setPassword("Schluesselblume-Regal-71")
                .setName("Grace")
                .setInvitation(invitation)
                .build();
    }
}
