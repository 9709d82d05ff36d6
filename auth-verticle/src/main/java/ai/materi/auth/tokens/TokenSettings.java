package ai.materi.auth.tokens;

import ai.materi.platform.config.Settings;
import java.time.Duration;

/**
 * How access tokens are made.
 *
 * @param issuer {@code iss}
 * @param audience {@code aud}
 * @param accessTokenTtl for how long one is good
 * @param signingKeyLifetime after which a newer key signs
 */
public record TokenSettings(String issuer, String audience, Duration accessTokenTtl, Duration signingKeyLifetime) {
    /** Reads the section {@code auth}. */
    public static TokenSettings from(Settings auth) {
        return new TokenSettings(
                auth.string("issuer"),
                auth.string("audience"),
                auth.duration("access_token_ttl"),
                auth.duration("signing_key_lifetime"));
    }
}
