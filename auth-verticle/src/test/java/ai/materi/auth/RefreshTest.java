package ai.materi.auth;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.platform.node.Await;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.auth.v1.LoginRequest;
import ai.materi.proto.auth.v1.LogoutRequest;
import ai.materi.proto.auth.v1.RefreshRequest;
import ai.materi.proto.auth.v1.Session;
import ai.materi.proto.auth.v1.ValidateTokenRequest;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefreshTest {
    private static ShieldHost shield;

    @BeforeAll
    static void start() {
        shield = ShieldHost.start(Map.of("auth.sessions_per_user", "3"));
    }

    @AfterAll
    static void stop() {
        shield.close();
    }

    @Test
    void exchangesARefreshTokenForTheNext() {
        Person person = shield.person("refresh");
        Session next = refresh(person.session().getRefreshToken());

        assertThat(next.getRefreshToken()).isNotEqualTo(person.session().getRefreshToken());
        assertThat(next.getUser()).isEqualTo(person.session().getUser());
        assertThat(isAlive(next)).isTrue();
        assertThat(refresh(next.getRefreshToken()).getUser())
                .isEqualTo(person.session().getUser());
    }

    @Test
    void keepsTwoTabsSignedInThatRefreshAtOnce() {
        Person person = shield.person("tabs");
        List<Future<Session>> tabs = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            tabs.add(shield.start(auth -> auth.refresh(request(person.session().getRefreshToken()))));
        }
        shield.settle(tabs);

        assertThat(tabs).allMatch(Future::succeeded);
        assertThat(tabs)
                .extracting(tab -> tab.result().getRefreshToken())
                .containsOnly(tabs.get(0).result().getRefreshToken());
        assertThat(isAlive(tabs.get(9).result())).isTrue();
    }

    @Test
    void leadsALateTabAlongToTheTokenThatIsGoodNow() {
        Person person = shield.person("late");
        Session second = refresh(person.session().getRefreshToken());
        Session third = refresh(second.getRefreshToken());

        assertThat(refresh(person.session().getRefreshToken()).getRefreshToken())
                .isEqualTo(third.getRefreshToken());
    }

    @Test
    void endsTheSessionOfATokenThatComesBackAfterTheGrace() {
        Person person = shield.person("stolen");
        Session next = refresh(person.session().getRefreshToken());
        forgetGrace(person);

        Problem problem =
                shield.refusal(auth -> auth.refresh(request(person.session().getRefreshToken())));

        assertThat(problem.code()).isEqualTo(ProblemCode.INVALID_TOKEN);
        assertThat(isAlive(next)).isFalse();
        assertThat(shield.refusal(auth -> auth.refresh(request(next.getRefreshToken())))
                        .code())
                .isEqualTo(ProblemCode.INVALID_TOKEN);
        shield.awaitRevocation(person.principal().sessionId());
        assertThat(shield.onlyEvent("session.revoked", person.idText())
                        .getSessionRevoked()
                        .getSessionId())
                .isEqualTo(person.principal().sessionId().toString());
    }

    @Test
    void noticesAThiefWhoWasFastByTheUseOfTheSharedSuccessor() {
        Person person = shield.person("fast-thief");
        Session thief = refresh(person.session().getRefreshToken());
        Session owner = refresh(person.session().getRefreshToken());
        assertThat(owner.getRefreshToken()).isEqualTo(thief.getRefreshToken());

        Session later = refresh(thief.getRefreshToken());
        forgetGrace(person);
        shield.refusal(auth -> auth.refresh(request(owner.getRefreshToken())));

        assertThat(isAlive(later)).isFalse();
    }

    @Test
    void refusesATokenThatHasExpired() {
        Person person = shield.person("expired");
        shield.execute("update auth.refresh_tokens set expires_at = now() - interval '1 second' where session_id = '"
                + person.principal().sessionId() + "'");
        assertThat(shield.refusal(auth -> auth.refresh(request(person.session().getRefreshToken())))
                        .code())
                .isEqualTo(ProblemCode.INVALID_TOKEN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "mrt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "mrt_'; delete from auth.sessions; --AAAAAAAAAAAA"
            })
    void refusesATokenThatItNeverGave(String token) {
        assertThat(shield.refusal(auth -> auth.refresh(request(token))).code()).isEqualTo(ProblemCode.INVALID_TOKEN);
    }

    @Test
    void refusesATokenOfWhichOneCharacterWasChanged() {
        Person person = shield.person("tampered");
        String token = person.session().getRefreshToken();
        char changed = token.charAt(10) == 'A' ? 'B' : 'A';
        String tampered = token.substring(0, 10) + changed + token.substring(11);

        assertThat(shield.refusal(auth -> auth.refresh(request(tampered))).code())
                .isEqualTo(ProblemCode.INVALID_TOKEN);
        assertThat(isAlive(person.session())).isTrue();
    }

    @Test
    void endsTheSessionOfTheCallerWhoLeaves() {
        Person person = shield.person("leaving");
        shield.as(person, auth -> auth.logout(LogoutRequest.getDefaultInstance()));

        shield.awaitRevocation(person.principal().sessionId());
        assertThat(shield.refusal(auth -> auth.validateToken(validation(person.session())))
                        .code())
                .isEqualTo(ProblemCode.SESSION_ENDED);
        assertThat(shield.refusal(auth -> auth.refresh(request(person.session().getRefreshToken())))
                        .code())
                .isEqualTo(ProblemCode.INVALID_TOKEN);
    }

    @Test
    void isForgottenByEveryDoor() {
        Person person = shield.person("remembered");
        String token = person.session().getAccessToken();
        Await.result(shield.node().identity().verify(token));

        shield.as(person, auth -> auth.logout(LogoutRequest.getDefaultInstance()));
        Await.until("the token is refused", () -> isRefused(token));
    }

    @Test
    void endsTheSessionOfARefreshTokenForWhoeverHasNoAccessTokenAnyMore() {
        Person person = shield.person("leaving-late");
        shield.call(auth -> auth.logout(LogoutRequest.newBuilder()
                .setRefreshToken(person.session().getRefreshToken())
                .build()));
        assertThat(isAlive(person.session())).isFalse();
    }

    @Test
    void endsASessionOnceHoweverOftenSomebodyLeaves() {
        Person person = shield.person("leaving-twice");
        for (int i = 0; i < 2; i++) {
            shield.as(person, auth -> auth.logout(LogoutRequest.getDefaultInstance()));
        }
        assertThat(shield.onlyEvent("session.revoked", person.idText()).getType())
                .isEqualTo("session.revoked");
    }

    @Test
    void doesNotLetNobodyLeave() {
        assertThat(shield.refusal(auth -> auth.logout(LogoutRequest.getDefaultInstance()))
                        .code())
                .isEqualTo(ProblemCode.UNAUTHENTICATED);
    }

    @Test
    void endsTheOldestSessionWhenThereAreTooMany() {
        Person person = shield.person("many");
        List<Session> later = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            later.add(shield.call(auth -> auth.login(LoginRequest.newBuilder()
                    .setEmail(person.email())
                    .setPassword(person.password())
                    .build())));
        }
        assertThat(isAlive(person.session())).isFalse();
        assertThat(later).allMatch(RefreshTest::isAlive);
        shield.awaitRevocation(person.principal().sessionId());
    }

    private static boolean isRefused(String token) {
        Future<?> verified = shield.node().identity().verify(token);
        shield.settle(List.of(verified.mapEmpty()));
        return verified.failed();
    }

    private static Session refresh(String token) {
        return shield.call(auth -> auth.refresh(request(token)));
    }

    private static RefreshRequest request(String token) {
        return RefreshRequest.newBuilder().setRefreshToken(token).build();
    }

    private static ValidateTokenRequest validation(Session session) {
        return ValidateTokenRequest.newBuilder()
                .setToken(session.getAccessToken())
                .build();
    }

    private static boolean isAlive(Session session) {
        return shield.settled(auth -> auth.validateToken(validation(session))).succeeded();
    }

    /** As if every use of this person's tokens had happened a minute earlier. */
    private static void forgetGrace(Person person) {
        UUID session = person.principal().sessionId();
        shield.execute("update auth.refresh_tokens set used_at = used_at - interval '1 minute' where session_id = '"
                + session + "'");
    }
}
