package ai.materi.auth.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.auth.Person;
import ai.materi.auth.ShieldHost;
import ai.materi.auth.users.User;
import ai.materi.auth.workers.BoundedPool;
import ai.materi.platform.node.Await;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.auth.v1.GetJwksRequest;
import ai.materi.proto.auth.v1.Principal;
import ai.materi.proto.auth.v1.ValidateTokenRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostileTokensTest {
    private static ShieldHost shield;
    private static Person person;

    @BeforeAll
    static void start() {
        shield = ShieldHost.start(Map.of());
        person = shield.person("ada");
    }

    @AfterAll
    static void stop() {
        shield.close();
    }

    @Test
    void namesTheUserOfAGoodToken() {
        Principal principal = shield.call(auth -> auth.validateToken(request(token())));
        assertThat(principal.getUserId()).isEqualTo(person.idText());
        assertThat(principal.getName()).isEqualTo("ada");
        assertThat(principal.getEmail()).isEqualTo(person.email());
        assertThat(principal.getColor()).isEqualTo(person.session().getUser().getColor());
        assertThat(Instant.ofEpochMilli(principal.getExpiresAtMs()))
                .isBetween(Instant.now().plusSeconds(500), Instant.now().plusSeconds(601));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", ".", "..", "a.b.c", "e30.e30.", "Bearer x", "eyJhbGciOiJSUzI1NiJ9.e30.AAAA"})
    void refusesWhatIsNoToken(String token) {
        assertInvalid(token);
    }

    @Test
    void refusesATokenThatIsTooLong() {
        assertInvalid(token() + "A".repeat(5_000));
    }

    @Test
    void refusesATokenWithoutAlgorithm() {
        JsonObject header =
                new JsonObject().put("alg", "none").put("typ", "JWT").put("kid", kid());
        assertInvalid(encode(header) + "." + payloadPart() + ".");
        assertInvalid(encode(header) + "." + payloadPart() + "." + token().split("\\.", -1)[2]);
    }

    @Test
    void refusesATokenThatTakesThePublicKeyForASharedSecret() throws GeneralSecurityException {
        JsonObject jwk = jwk();
        JsonObject header =
                new JsonObject().put("alg", "HS256").put("typ", "JWT").put("kid", kid());
        String signed = encode(header) + "." + payloadPart();
        for (byte[] secret : new byte[][] {
            jwk.encode().getBytes(StandardCharsets.UTF_8),
            Base64.getUrlDecoder().decode(jwk.getString("n")),
            jwk.getString("n").getBytes(StandardCharsets.US_ASCII)
        }) {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            assertInvalid(signed + "." + encode(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII))));
        }
    }

    @Test
    void refusesATokenSignedWithAKeyThatItBringsAlong() throws GeneralSecurityException {
        SigningKey stranger = SigningKey.generate();
        JsonObject header = new JsonObject()
                .put("alg", "RS256")
                .put("typ", "JWT")
                .put("kid", kid())
                .put("jwk", stranger.jwk());
        assertInvalid(signed(stranger, header));
    }

    @Test
    void refusesATokenSignedWithAnUnknownKey() throws GeneralSecurityException {
        SigningKey stranger = SigningKey.generate();
        assertInvalid(signed(
                stranger, new JsonObject().put("alg", "RS256").put("typ", "JWT").put("kid", stranger.kid())));
    }

    @Test
    void refusesATokenSignedWithAnotherKeyUnderAKnownName() throws GeneralSecurityException {
        assertInvalid(signed(
                SigningKey.generate(),
                new JsonObject().put("alg", "RS256").put("typ", "JWT").put("kid", kid())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../../etc/passwd", "' or 1=1 --", "\u0000"})
    void refusesATokenWhoseKeyHasAHostileName(String kid) {
        JsonObject header =
                new JsonObject().put("alg", "RS256").put("typ", "JWT").put("kid", kid);
        assertInvalid(encode(header) + "." + payloadPart() + "." + token().split("\\.", -1)[2]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "7", "[]", "{}", "true"})
    void refusesATokenWhoseKeyHasANameThatIsNoText(String kid) {
        String header = "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":" + kid + "}";
        assertInvalid(encode(header.getBytes(StandardCharsets.US_ASCII)) + "." + payloadPart() + "."
                + token().split("\\.", -1)[2]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "7", "\"x\"", "{", " null"})
    void refusesATokenWhoseHeaderIsNoObject(String header) {
        assertInvalid(encode(header.getBytes(StandardCharsets.US_ASCII)) + "." + payloadPart() + "."
                + token().split("\\.", -1)[2]);
    }

    @Test
    void refusesATokenOfWhichAnyPartWasChanged() {
        String token = token();
        for (int i = 0; i < token.length(); i += 37) {
            char changed = token.charAt(i) == 'A' ? 'B' : 'A';
            if (token.charAt(i) != '.') {
                assertInvalid(token.substring(0, i) + changed + token.substring(i + 1));
            }
        }
    }

    @Test
    void refusesATokenThatHasExpired() {
        assertInvalid(issued(new TokenSettings("materi", "materi", Duration.ofSeconds(-1), Duration.ofDays(90))));
    }

    @Test
    void takesATokenOfANodeWhoseClockIsAhead() {
        TokenSettings settings = new TokenSettings("materi", "materi", Duration.ofMinutes(10), Duration.ofDays(90));
        JsonObject claims = new JsonObject(
                        new String(Base64.getUrlDecoder().decode(payloadPart()), StandardCharsets.UTF_8))
                .put("iat", Instant.now().getEpochSecond() + 90)
                .put("exp", Instant.now().getEpochSecond() + 690);
        String token = keys(settings).ring().signer().generateToken(claims, new JWTOptions().setAlgorithm("RS256"));

        shield.call(auth -> auth.validateToken(request(token)));
    }

    @Test
    void refusesATokenForAnotherAudience() {
        assertInvalid(
                issued(new TokenSettings("materi", "somebody-else", Duration.ofMinutes(10), Duration.ofDays(90))));
    }

    @Test
    void refusesATokenOfAnotherIssuer() {
        assertInvalid(
                issued(new TokenSettings("somebody-else", "materi", Duration.ofMinutes(10), Duration.ofDays(90))));
    }

    @Test
    void refusesATokenOfASessionThatIsSomebodyElses() {
        Person other = shield.person("other");
        TokenSettings settings = new TokenSettings("materi", "materi", Duration.ofMinutes(10), Duration.ofDays(90));
        String token = issued(settings, person, other.principal().sessionId());
        assertThat(shield.refusal(auth -> auth.validateToken(request(token))).code())
                .isEqualTo(ProblemCode.SESSION_ENDED);
    }

    private static String issued(TokenSettings settings) {
        return issued(settings, person, person.principal().sessionId());
    }

    /** Signed with the keys of the host, under other settings. */
    private static String issued(TokenSettings settings, Person whom, UUID sessionId) {
        User user = new User(whom.id(), whom.email(), "ada", Instant.now());
        return Await.result(new AccessTokens(keys(settings), pool(), settings).issue(user, sessionId));
    }

    private static SigningKeys keys(TokenSettings settings) {
        SigningKeys keys = new SigningKeys(
                shield.node().vertx(),
                shield.node().postgres().as("materi_auth_login"),
                shield.seal(),
                pool(),
                settings);
        Await.result(keys.ensureFresh());
        return keys;
    }

    private static BoundedPool pool() {
        return new BoundedPool(shield.node().vertx(), "test-sign", 1, 10);
    }

    private static void assertInvalid(String token) {
        assertThat(shield.refusal(auth -> auth.validateToken(request(token))).code())
                .as(token)
                .isEqualTo(ProblemCode.INVALID_TOKEN);
    }

    private static String signed(SigningKey key, JsonObject header) throws GeneralSecurityException {
        String signed = encode(header) + "." + payloadPart();
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(key.privateKey());
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + encode(signature.sign());
    }

    private static JsonObject jwk() {
        String jwks = shield.call(auth -> auth.getJwks(GetJwksRequest.getDefaultInstance()))
                .getJson();
        return new JsonObject(jwks).getJsonArray("keys").getJsonObject(0);
    }

    private static String kid() {
        return jwk().getString("kid");
    }

    private static String token() {
        return person.session().getAccessToken();
    }

    private static String payloadPart() {
        return token().split("\\.", -1)[1];
    }

    private static String encode(JsonObject json) {
        return encode(json.encode().getBytes(StandardCharsets.UTF_8));
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static ValidateTokenRequest request(String token) {
        return ValidateTokenRequest.newBuilder().setToken(token).build();
    }
}
