package ai.materi.auth.sessions;

import ai.materi.auth.tokens.BrokenSealException;
import ai.materi.auth.tokens.Seal;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * 256 random bits that renew a session once. The database keeps only their hash, and the successor sealed under them: a
 * stolen table holds nothing that could be used.
 */
final class RefreshToken {
    private static final String PREFIX = "mrt_";
    private static final int BYTES = 32;
    private static final int LENGTH = PREFIX.length() + 43;
    private static final String SUCCESSOR = "successor of a refresh token";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] secret;

    private RefreshToken(byte[] secret) {
        this.secret = secret;
    }

    static RefreshToken random() {
        byte[] secret = new byte[BYTES];
        RANDOM.nextBytes(secret);
        return new RefreshToken(secret);
    }

    /** Empty when this cannot be one of ours. */
    static Optional<RefreshToken> parse(String text) {
        if (text.length() != LENGTH || !text.startsWith(PREFIX)) {
            return Optional.empty();
        }
        try {
            byte[] secret = Base64.getUrlDecoder().decode(text.substring(PREFIX.length()));
            return new RefreshToken(secret).text().equals(text)
                    ? Optional.of(new RefreshToken(secret))
                    : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    String text() {
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    /** SHA-256; enough for something that cannot be guessed. */
    Buffer hash() {
        try {
            return Buffer.buffer(MessageDigest.getInstance("SHA-256").digest(secret));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("This Java has no SHA-256.", impossible);
        }
    }

    Buffer sealed(RefreshToken successor) {
        return Buffer.buffer(seal().close(successor.secret, SUCCESSOR));
    }

    /** Throws {@link BrokenSealException} when the stored successor is not this one's. */
    RefreshToken successor(Buffer sealed) {
        return new RefreshToken(seal().open(sealed.getBytes(), SUCCESSOR));
    }

    private Seal seal() {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return new Seal(mac.doFinal(SUCCESSOR.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("This Java has no HMAC-SHA-256.", impossible);
        }
    }

    /** Says nothing, so that it can stand in a log. */
    @Override
    public String toString() {
        return "RefreshToken";
    }
}
