package ai.materi.auth.tokens;

import ai.materi.auth.fields.Fields;
import ai.materi.auth.users.User;
import ai.materi.auth.workers.BoundedPool;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import com.fasterxml.uuid.Generators;
import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;

/** Access tokens: JWT (RFC 7519) signed with RS256, and nothing else accepted. */
public final class AccessTokens {
    /** Ours have less than 1,100 characters, with the longest name and address. */
    private static final int MAX_LENGTH = 4_096;

    private final SigningKeys keys;
    private final BoundedPool pool;
    private final TokenSettings settings;

    public AccessTokens(SigningKeys keys, BoundedPool pool, TokenSettings settings) {
        this.keys = keys;
        this.pool = pool;
        this.settings = settings;
    }

    public Duration ttl() {
        return settings.accessTokenTtl();
    }

    /** Signs off the event loop: an RSA signature takes about a millisecond. */
    public Future<String> issue(User user, UUID sessionId) {
        JsonObject claims = claims(user, sessionId);
        return pool.run(() -> keys.ring().signer().generateToken(claims, new JWTOptions().setAlgorithm("RS256")));
    }

    /** Checks signature, issuer, audience and expiry, not the session. Fails with {@code invalid_token}. */
    public Future<Claims> verify(String token) {
        if (token.length() > MAX_LENGTH) {
            return refused();
        }
        return keys.ringFor(keyId(token))
                .compose(ring -> ring.kids().contains(keyId(token)) ? verify(ring, token) : refused());
    }

    private static Future<Claims> verify(Keyring ring, String token) {
        return ring.verifier()
                .authenticate(new TokenCredentials(token))
                .recover(unverified -> refused())
                .map(user -> claims(user.attributes().getJsonObject("accessToken")))
                .compose(claims ->
                        Instant.now().isBefore(claims.expiresAt()) ? Future.succeededFuture(claims) : refused());
    }

    private JsonObject claims(User user, UUID sessionId) {
        long now = Instant.now().getEpochSecond();
        return new JsonObject()
                .put("iss", settings.issuer())
                .put("aud", settings.audience())
                .put("sub", user.id().toString())
                .put("sid", sessionId.toString())
                .put("name", user.name())
                .put("email", user.email())
                .put("color", user.color())
                .put("iat", now)
                .put("exp", now + settings.accessTokenTtl().toSeconds())
                .put("jti", Generators.timeBasedEpochGenerator().generate().toString());
    }

    private static Claims claims(JsonObject verified) {
        return new Claims(
                Fields.uuid("sub", verified.getString("sub", "")),
                Fields.uuid("sid", verified.getString("sid", "")),
                Instant.ofEpochSecond(verified.getLong("exp")));
    }

    /** The {@code kid} of the header, unverified: it only chooses the key. Empty when there is none to be read. */
    private static String keyId(String token) {
        int end = token.indexOf('.');
        if (end <= 0) {
            return "";
        }
        try {
            byte[] header = Base64.getUrlDecoder().decode(token.substring(0, end));
            Object kid = new JsonObject(new String(header, StandardCharsets.UTF_8)).getValue("kid");
            return kid instanceof String name ? name : "";
        } catch (IllegalArgumentException | DecodeException malformed) {
            return "";
        }
    }

    private static <T> Future<T> refused() {
        return Future.failedFuture(
                Problem.of(ProblemCode.INVALID_TOKEN, "The access token is not valid or has expired."));
    }
}
