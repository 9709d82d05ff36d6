package ai.materi.auth;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.auth.v1.GetMeRequest;
import ai.materi.proto.auth.v1.GetRegistrationRequest;
import ai.materi.proto.auth.v1.LoginRequest;
import ai.materi.proto.auth.v1.Me;
import ai.materi.proto.auth.v1.RegisterRequest;
import ai.materi.proto.auth.v1.Registration;
import ai.materi.proto.auth.v1.Session;
import ai.materi.proto.event.v1.Event;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignInTest {
    private static final String PASSWORD = "Schlüsselblume-Regal-71";

    private static ShieldHost shield;

    @BeforeAll
    static void start() {
        shield = ShieldHost.start(Map.of());
    }

    @AfterAll
    static void stop() {
        shield.close();
    }

    @Test
    void registersAUserAndSignsThemIn() {
        Session session = shield.call(auth -> auth.register(registration("ada@register.example", "Ada")));

        assertThat(session.getUser().getName()).isEqualTo("Ada");
        assertThat(session.getUser().getEmail()).isEqualTo("ada@register.example");
        assertThat(session.getUser().getColor()).matches("#[0-9a-f]{6}");
        assertThat(session.getUser().getId()).matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f-]{17}");
        assertThat(session.getExpiresIn()).isEqualTo(600);
        assertThat(session.getRefreshExpiresIn()).isEqualTo(30 * 24 * 3600);
    }

    @Test
    void putsWhoSomebodyIsIntoTheirAccessToken() {
        Session session = shield.call(auth -> auth.register(registration("claims@register.example", "Claims")));

        JsonObject claims = part(session.getAccessToken(), 1);
        assertThat(part(session.getAccessToken(), 0).getString("alg")).isEqualTo("RS256");
        assertThat(part(session.getAccessToken(), 0).getString("kid")).isNotBlank();
        assertThat(claims.getString("iss")).isEqualTo("materi");
        assertThat(claims.getString("aud")).isEqualTo("materi");
        assertThat(claims.getString("sub")).isEqualTo(session.getUser().getId());
        assertThat(claims.getString("name")).isEqualTo("Claims");
        assertThat(claims.getString("email")).isEqualTo("claims@register.example");
        assertThat(claims.getString("color")).isEqualTo(session.getUser().getColor());
        assertThat(claims.getLong("exp") - claims.getLong("iat")).isEqualTo(600);
        assertThat(claims.getString("jti")).isNotBlank();
        assertThat(claims.getString("sid")).isNotBlank();
    }

    @Test
    void namesAUserByTheirAddressWhenTheySayNothing() {
        Session session = shield.call(auth -> auth.register(registration("grace.hopper@register.example", "")));
        assertThat(session.getUser().getName()).isEqualTo("grace.hopper");
    }

    @Test
    void statesThatAUserHasRegistered() {
        Session session = shield.call(auth -> auth.register(registration("fact@register.example", "Fact")));

        Event event = shield.onlyEvent("user.registered", session.getUser().getId());
        assertThat(event.getUserRegistered().getName()).isEqualTo("Fact");
        assertThat(event.getActorId()).isEqualTo(session.getUser().getId());
    }

    @Test
    void registersAnAddressOnceWhateverItsCase() {
        shield.call(auth -> auth.register(registration("once@register.example", "Once")));
        Problem problem = shield.refusal(auth -> auth.register(registration("ONCE@Register.Example", "Again")));
        assertThat(problem.code()).isEqualTo(ProblemCode.EMAIL_TAKEN);
    }

    @Test
    void registersAnAddressOnceOfFiftyAtTheSameTime() {
        List<Future<Session>> racing = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            racing.add(shield.start(auth -> auth.register(registration("race@register.example", "Race"))));
        }
        shield.settle(racing);

        assertThat(racing).filteredOn(Future::succeeded).hasSize(1);
        assertThat(racing)
                .filteredOn(Future::failed)
                .allSatisfy(lost -> assertThat(((Problem) lost.cause()).code()).isEqualTo(ProblemCode.EMAIL_TAKEN));
        assertThat(shield.count("select count(*) from auth.users where email = 'race@register.example'"))
                .isEqualTo(1);
    }

    @Test
    void refusesAPasswordThatIsGuessedFirst() {
        Problem problem = shield.refusal(auth -> auth.register(registration("weak@register.example", "Weak").toBuilder()
                .setPassword("password123")
                .build()));
        assertThat(problem.code()).isEqualTo(ProblemCode.WEAK_PASSWORD);
    }

    @ParameterizedTest
    @CsvSource({
        "email,      nobody,             Schluesselblume-71, Nobody",
        "email,      '',                 Schluesselblume-71, Nobody",
        "password,   nobody@example.com, short,              Nobody",
        "password,   nobody@example.com, '',                 Nobody",
        "name,       nobody@example.com, Schluesselblume-71, 'a\tb'",
        "name,       nobody@example.com, Schluesselblume-71, 01234567890123456789012345678901234567890123456789012345678901234567890123456789x",
    })
    void namesTheFieldThatIsWrong(String field, String email, String password, String name) {
        Problem problem = shield.refusal(auth -> auth.register(RegisterRequest.newBuilder()
                .setEmail(email)
                .setPassword(password)
                .setName(name)
                .build()));
        assertThat(problem.code()).isEqualTo(ProblemCode.INVALID_FIELD);
        assertThat(problem.members()).containsEntry("field", field);
    }

    @Test
    void signsInWithTheRightPasswordWhateverTheCaseOfTheAddress() {
        Person person = shield.person("login");
        Session session =
                shield.call(auth -> auth.login(login(person.email().toUpperCase(Locale.ROOT), person.password())));
        assertThat(session.getUser().getId()).isEqualTo(person.idText());
        assertThat(session.getRefreshToken()).isNotEqualTo(person.session().getRefreshToken());
    }

    @Test
    void refusesAWrongAddressAsItRefusesAWrongPassword() {
        Person person = shield.person("known");
        Problem wrongPassword = shield.refusal(auth -> auth.login(login(person.email(), "not-the-password")));
        Problem wrongUser = shield.refusal(auth -> auth.login(login("un" + person.email(), "not-the-password")));

        assertThat(wrongPassword.code()).isEqualTo(ProblemCode.INVALID_CREDENTIALS);
        assertThat(wrongUser.code()).isEqualTo(wrongPassword.code());
        assertThat(wrongUser.detail()).isEqualTo(wrongPassword.detail());
        assertThat(wrongUser.members()).isEqualTo(wrongPassword.members());
    }

    @ParameterizedTest
    @ValueSource(strings = {"' or 1=1 --", "a@b.c'; drop table auth.users; --", "%", "nobody", "ädä@example.com"})
    void refusesHostileAddressesLikeAnyOther(String email) {
        Problem problem = shield.refusal(auth -> auth.login(login(email, "not-the-password")));
        assertThat(problem.code()).isEqualTo(ProblemCode.INVALID_CREDENTIALS);
    }

    @Test
    void refusesAnAddressThatTheDatabaseCouldNotHold() {
        Problem problem = shield.refusal(auth -> auth.login(login("a\u0000b@example.com", "not-the-password")));
        assertThat(problem.code()).isEqualTo(ProblemCode.INVALID_FIELD);
    }

    @Test
    void tellsCallersWhoTheyAre() {
        Person person = shield.person("me");
        Me me = shield.as(person, auth -> auth.getMe(GetMeRequest.getDefaultInstance()));
        assertThat(me.getUser()).isEqualTo(person.session().getUser());
        assertThat(me.getSessionId()).isEqualTo(person.principal().sessionId().toString());
    }

    @Test
    void tellsNobodyWhoNobodyIs() {
        Problem problem = shield.refusal(auth -> auth.getMe(GetMeRequest.getDefaultInstance()));
        assertThat(problem.code()).isEqualTo(ProblemCode.UNAUTHENTICATED);
    }

    @Test
    void saysWhetherStrangersMayRegister() {
        Registration registration =
                shield.call(auth -> auth.getRegistration(GetRegistrationRequest.getDefaultInstance()));
        assertThat(registration.getMode()).isEqualTo("open");
        assertThat(registration.getDemo()).isTrue();
    }

    @Test
    void countsLoginsByOutcome() {
        Person person = shield.person("counted");
        double before = shield.counter("materi.auth.logins", "outcome", "invalid_credentials");
        shield.refusal(auth -> auth.login(login(person.email(), "not-the-password")));
        assertThat(shield.counter("materi.auth.logins", "outcome", "invalid_credentials"))
                .isEqualTo(before + 1);
    }

    private static RegisterRequest registration(String email, String name) {
        return RegisterRequest.newBuilder()
                .setEmail(email)
                .setPassword(PASSWORD)
                .setName(name)
                .build();
    }

    private static LoginRequest login(String email, String password) {
        return LoginRequest.newBuilder().setEmail(email).setPassword(password).build();
    }

    private static JsonObject part(String token, int index) {
        byte[] json = Base64.getUrlDecoder().decode(token.split("\\.", -1)[index]);
        return new JsonObject(new String(json, StandardCharsets.UTF_8));
    }
}
