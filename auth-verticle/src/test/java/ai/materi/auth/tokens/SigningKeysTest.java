package ai.materi.auth.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.auth.ShieldHost;
import ai.materi.auth.users.User;
import ai.materi.auth.workers.BoundedPool;
import ai.materi.platform.node.Await;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SigningKeysTest {
    private static final TokenSettings SETTINGS =
            new TokenSettings("materi", "materi", Duration.ofMinutes(10), Duration.ofDays(90));
    private static final TokenSettings ALWAYS_ROTATING =
            new TokenSettings("materi", "materi", Duration.ofMinutes(10), Duration.ofMinutes(-1));

    private static final User USER =
            new User(new UUID(0x0198c0de00007000L, 1), "ada@example.com", "Ada", Instant.EPOCH);

    private static ShieldHost shield;
    private static BoundedPool pool;

    @BeforeAll
    static void start() {
        shield = ShieldHost.start(Map.of());
        pool = new BoundedPool(shield.node().vertx(), "test-sign", 2, 100);
    }

    @AfterAll
    static void stop() {
        Await.result(pool.close());
        shield.close();
    }

    @BeforeEach
    void emptyTheTable() {
        shield.execute("delete from auth.signing_keys");
    }

    @Test
    void makesOneKeyWhenManyNodesStartTogether() {
        List<SigningKeys> nodes =
                IntStream.range(0, 6).mapToObj(i -> node(SETTINGS)).toList();
        Await.result(Future.all(nodes.stream().map(SigningKeys::ensureFresh).toList()));

        assertThat(shield.count("select count(*) from auth.signing_keys")).isEqualTo(1);
        assertThat(nodes)
                .extracting(SigningKeys::jwks)
                .containsOnly(nodes.get(0).jwks());
    }

    @Test
    void keepsTheKeyThatItHasWhenItStartsAgain() {
        SigningKeys first = started(SETTINGS);
        assertThat(started(SETTINGS).jwks()).isEqualTo(first.jwks());
    }

    @Test
    void namesAKeyByItsThumbprint() {
        JsonObject jwk =
                new JsonObject(started(SETTINGS).jwks()).getJsonArray("keys").getJsonObject(0);
        assertThat(jwk.getString("kty")).isEqualTo("RSA");
        assertThat(jwk.getString("alg")).isEqualTo("RS256");
        assertThat(jwk.getString("use")).isEqualTo("sig");
        assertThat(jwk.getString("kid")).matches("[A-Za-z0-9_-]{43}");
        assertThat(jwk.fieldNames()).doesNotContain("d", "p", "q", "dp", "dq", "qi");
    }

    /** The example of RFC 7638, 3.1. */
    @Test
    void computesTheThumbprintOfTheStandard() throws GeneralSecurityException {
        String n =
                "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknj"
                        + "hMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQ"
                        + "vRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzK"
                        + "nqDKgw";
        RSAPublicKey key = (RSAPublicKey) KeyFactory.getInstance("RSA")
                .generatePublic(new RSAPublicKeySpec(
                        new BigInteger(1, Base64.getUrlDecoder().decode(n)), BigInteger.valueOf(65_537)));
        assertThat(SigningKey.of(key, SigningKey.generate().privateKey()).kid())
                .isEqualTo("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }

    @Test
    void signsWithANewerKeyAndGoesOnVerifyingWithTheOlder() {
        SigningKeys keys = started(SETTINGS);
        String older = issued(keys);
        SigningKeys rotated = started(ALWAYS_ROTATING);
        String newer = issued(rotated);

        assertThat(new JsonObject(rotated.jwks()).getJsonArray("keys")).hasSize(2);
        assertThat(kid(newer)).isNotEqualTo(kid(older));
        assertThat(Await.result(tokens(rotated).verify(older)).userId()).isEqualTo(USER.id());
        assertThat(Await.result(tokens(rotated).verify(newer)).userId()).isEqualTo(USER.id());
    }

    @Test
    void learnsOfANewerKeyFromTheFirstTokenThatItSigned() {
        SigningKeys node = started(SETTINGS);
        String newer = issued(started(ALWAYS_ROTATING));
        assertThat(Await.result(tokens(node).verify(newer)).userId()).isEqualTo(USER.id());
    }

    @Test
    void forgetsAKeyThatWasReplacedMoreThanADayAgo() {
        started(SETTINGS);
        shield.execute("update auth.signing_keys set created_at = created_at - interval '10 days'");
        started(ALWAYS_ROTATING);
        shield.execute("update auth.signing_keys set created_at = created_at - interval '2 days'");
        started(ALWAYS_ROTATING);
        assertThat(shield.count("select count(*) from auth.signing_keys")).isEqualTo(2);
    }

    @Test
    void keepsPrivateKeysOutOfSight() {
        started(SETTINGS);
        Buffer stored = shield.buffer("select sealed_private_key from auth.signing_keys");
        Buffer publicKey = shield.buffer("select public_key from auth.signing_keys");
        Buffer modulus = publicKey.slice(40, 80);
        assertThat(new String(stored.getBytes(), StandardCharsets.ISO_8859_1))
                .doesNotContain(new String(modulus.getBytes(), StandardCharsets.ISO_8859_1));
    }

    @Test
    void saysWhatToDoWhenTheSealIsAnother() {
        started(SETTINGS);
        SigningKeys stranger = new SigningKeys(
                shield.node().vertx(),
                shield.node().postgres().as("materi_auth_login"),
                new Seal(new byte[32]),
                pool,
                SETTINGS);
        assertThat(Await.failure(stranger.ensureFresh())).hasMessageContaining("auth.key_encryption_key");
    }

    private static String kid(String token) {
        byte[] header = Base64.getUrlDecoder().decode(token.substring(0, token.indexOf('.')));
        return new JsonObject(Buffer.buffer(header)).getString("kid");
    }

    private static SigningKeys node(TokenSettings settings) {
        return new SigningKeys(
                shield.node().vertx(), shield.node().postgres().as("materi_auth_login"), shield.seal(), pool, settings);
    }

    private static SigningKeys started(TokenSettings settings) {
        SigningKeys keys = node(settings);
        Await.result(keys.ensureFresh());
        return keys;
    }

    private static AccessTokens tokens(SigningKeys keys) {
        return new AccessTokens(keys, pool, SETTINGS);
    }

    private static String issued(SigningKeys keys) {
        return Await.result(tokens(keys).issue(USER, new UUID(0x0198c0de00007000L, 2)));
    }
}
