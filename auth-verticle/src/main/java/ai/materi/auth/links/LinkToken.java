package ai.materi.auth.links;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

/** The secret of a link: 256 random bits. The database keeps only their hash. */
public final class LinkToken {
    private static final String PREFIX = "mlk_";
    private static final int BYTES = 32;
    private static final Pattern SYNTAX = Pattern.compile(PREFIX + "[A-Za-z0-9_-]{43}");
    private static final SecureRandom RANDOM = new SecureRandom();

    private LinkToken() {}

    /** Whether this can be one. */
    public static boolean isOne(String text) {
        return SYNTAX.matcher(text).matches();
    }

    static String random() {
        byte[] secret = new byte[BYTES];
        RANDOM.nextBytes(secret);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    /** SHA-256; enough for something that cannot be guessed. */
    static Buffer hash(String token) {
        try {
            return Buffer.buffer(
                    MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("This Java has no SHA-256.", impossible);
        }
    }
}
