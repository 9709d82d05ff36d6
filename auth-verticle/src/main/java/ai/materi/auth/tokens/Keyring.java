package ai.materi.auth.tokens;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The keys of a moment: the newest signs, all of them verify.
 *
 * @param jwks the public halves, as a JWK set (RFC 7517)
 */
record Keyring(Set<String> kids, JWTAuth signer, JWTAuth verifier, String jwks) {
    /** Takes the keys with the newest first, at least one. */
    static Keyring of(Vertx vertx, List<SigningKey> keys, JWTOptions checks) {
        SigningKey newest = keys.get(0);
        JWTAuthOptions signing = new JWTAuthOptions()
                .addPubSecKey(new PubSecKeyOptions()
                        .setAlgorithm("RS256")
                        .setId(newest.kid())
                        .setBuffer(newest.privatePem()));
        JWTAuthOptions verifying = new JWTAuthOptions().setJWTOptions(checks);
        keys.forEach(key -> verifying.addJwk(key.jwk()));
        return new Keyring(
                keys.stream().map(SigningKey::kid).collect(Collectors.toUnmodifiableSet()),
                JWTAuth.create(vertx, signing),
                JWTAuth.create(vertx, verifying),
                jwks(keys));
    }

    private static String jwks(List<SigningKey> keys) {
        JsonArray jwks = new JsonArray();
        keys.forEach(key -> jwks.add(key.jwk()));
        return new JsonObject().put("keys", jwks).encode();
    }
}
