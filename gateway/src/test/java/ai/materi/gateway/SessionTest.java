package ai.materi.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SessionTest {
    private static final String AUTH = "/api/v1/auth";
    private static final String[] JSON = {"Content-Type", "application/json"};
    private static final String[] BROWSER = {"Content-Type", "application/json", "Materi-Client", "browser"};
    private static final String ADA = new JsonObject()
            .put("email", "ada@demo.materi.local")
            .put("password", Stand.PASSWORD)
            .encode();

    private static Stand stand;

    @BeforeAll
    static void start() {
        stand = Stand.start(Map.of());
    }

    @AfterAll
    static void end() {
        stand.close();
    }

    @Test
    void signsAProgramInWithBothTokensInTheBody() {
        Answer answer = stand.send("POST", AUTH + "/login", ADA, JSON);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().fieldNames())
                .contains("access_token", "refresh_token", "token_type", "expires_in", "user");
        assertThat(answer.header("set-cookie")).isEmpty();
        assertThat(answer.header("cache-control")).isEqualTo("no-store");
        assertThat(answer.header("x-request-id")).isNotEmpty();
    }

    @Test
    void keepsABrowsersRefreshTokenInACookieThatScriptsCannotRead() {
        Answer answer = stand.send("POST", AUTH + "/login", ADA, BROWSER);

        assertThat(answer.json().containsKey("refresh_token")).isFalse();
        assertThat(answer.header("set-cookie"))
                .contains("materi_refresh=", "HTTPOnly", "SameSite=Strict", "Path=/api/v1/auth")
                .doesNotContain("Secure");
    }

    @Test
    void continuesABrowserSessionFromItsCookie() {
        String cookie = cookie(stand.send("POST", AUTH + "/login", ADA, BROWSER));

        Answer answer = stand.send("POST", AUTH + "/refresh", "{}", with(BROWSER, "Cookie", cookie));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(cookie(answer)).isNotEqualTo(cookie);
    }

    @Test
    void takesNoCookieFromARequestThatAnotherSiteCouldHaveSent() {
        String cookie = cookie(stand.send("POST", AUTH + "/login", ADA, BROWSER));

        Answer answer = stand.send("POST", AUTH + "/refresh", "{}", with(JSON, "Cookie", cookie));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().getString("pointer")).isEqualTo("#/refresh_token");
    }

    @Test
    void takesNoRefreshTokenOfABrowserFromTheBody() {
        String token = stand.send("POST", AUTH + "/login", ADA, JSON).json().getString("refresh_token");

        Answer answer = stand.send(
                "POST",
                AUTH + "/refresh",
                new JsonObject().put("refresh_token", token).encode(),
                BROWSER);

        assertThat(answer.status()).isEqualTo(422);
    }

    @Test
    void rotatesTheRefreshTokenOfAProgram() {
        String first = stand.send("POST", AUTH + "/login", ADA, JSON).json().getString("refresh_token");

        Answer answer = stand.send(
                "POST",
                AUTH + "/refresh",
                new JsonObject().put("refresh_token", first).encode(),
                JSON);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().getString("refresh_token")).isNotEqualTo(first);
    }

    @Test
    void endsTheSessionOfTheAccessTokenAtLogout() {
        String token = stand.send("POST", AUTH + "/login", ADA, JSON).json().getString("access_token");

        assertThat(stand.asToken(token, "POST", AUTH + "/logout", null).status())
                .isEqualTo(204);

        ai.materi.platform.node.Await.until(
                "the token is refused",
                () -> stand.asToken(token, "GET", AUTH + "/me", null).status() == 401);
    }

    @Test
    void clearsTheCookieOfABrowserAtLogout() {
        String cookie = cookie(stand.send("POST", AUTH + "/login", ADA, BROWSER));

        Answer answer = stand.send("POST", AUTH + "/logout", "{}", with(BROWSER, "Cookie", cookie));

        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.header("set-cookie")).contains("materi_refresh=;", "Max-Age=0");
        assertThat(stand.send("POST", AUTH + "/refresh", "{}", with(BROWSER, "Cookie", cookie))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void refusesALogoutThatNamesNoSession() {
        assertThat(stand.send("POST", AUTH + "/logout", null).status()).isEqualTo(401);
    }

    @Test
    void saysTheSameOfAWrongPasswordAndAnUnknownUser() {
        Answer wrong = stand.send("POST", AUTH + "/login", ADA.replace(Stand.PASSWORD, "not-the-password"), JSON);
        Answer unknown = stand.send("POST", AUTH + "/login", ADA.replace("ada@", "nobody@"), JSON);

        assertThat(wrong.status()).isEqualTo(401);
        assertThat(unknown.status()).isEqualTo(401);
        assertThat(wrong.code()).isEqualTo(unknown.code()).isEqualTo("invalid_credentials");
        assertThat(wrong.json().getString("detail")).isEqualTo(unknown.json().getString("detail"));
    }

    @Test
    void challengesARequestWithoutAToken() {
        Answer answer = stand.send("GET", AUTH + "/me", null);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.code()).isEqualTo("unauthenticated");
        assertThat(answer.header("www-authenticate")).isEqualTo("Bearer realm=\"materi\"");
    }

    @Test
    void tellsATokenThatIsNoTokenFromAMissingOne() {
        Answer answer = stand.asToken("eyJhbGciOiJub25lIn0.e30.", "GET", AUTH + "/me", null);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.code()).isEqualTo("invalid_token");
        assertThat(answer.header("www-authenticate")).contains("error=\"invalid_token\"");
    }

    @Test
    void namesTheCaller() {
        Answer answer = stand.as("ada", "GET", AUTH + "/me", null);

        assertThat(answer.json().getString("email")).isEqualTo("ada@demo.materi.local");
    }

    @Test
    void issuesTicketsForDocumentsThatTheCallerMayRead() {
        String document = stand.document("With a ticket");
        JsonObject body = new JsonObject().put("document_id", document);

        assertThat(stand.as("ada", "POST", AUTH + "/tickets", body).status()).isEqualTo(201);
        assertThat(stand.asToken(stand.stranger(), "POST", AUTH + "/tickets", body)
                        .status())
                .isEqualTo(404);
    }

    @Test
    void publishesItsKeysAndWhetherStrangersMayRegister() {
        assertThat(stand.send("GET", "/.well-known/jwks.json", null).json().getJsonArray("keys"))
                .isNotEmpty();
        assertThat(stand.send("GET", AUTH + "/registration", null).json())
                .isEqualTo(new JsonObject().put("mode", "open").put("demo", true));
    }

    private static String cookie(Answer answer) {
        return answer.header("set-cookie").split(";", 2)[0];
    }

    private static String[] with(String[] headers, String name, String value) {
        String[] more = java.util.Arrays.copyOf(headers, headers.length + 2);
        more[headers.length] = name;
        more[headers.length + 1] = value;
        return more;
    }
}
