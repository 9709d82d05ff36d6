package ai.materi.auth.tokens;

import ai.materi.platform.config.ConfigException;
import ai.materi.platform.config.Settings;
import java.util.Base64;

/**
 * The secret that keeps the signing keys safe in the database: {@code auth.key_encryption_key}, 32 bytes in base64. In
 * development one is made in the data folder when there is none; every other profile refuses to boot without. May touch the
 * disk: not on an event loop.
 */
public final class KeyEncryptionKey {
    private static final int BYTES = 32;
    private static final String SETTING = "key_encryption_key";
    /** In front of a secret that the development profile made for itself. */
    private static final String DEVELOPMENT_MARK = "dev-";

    private KeyEncryptionKey() {}

    /** Whether the section {@code auth} has one, so that none has to be made. */
    public static boolean isGiven(Settings auth) {
        return auth.secret(SETTING).isPresent();
    }

    /** Reads the section {@code auth}. */
    public static Seal load(Settings auth) {
        String secret = auth.requiredSecret(SETTING);
        String encoded = secret.startsWith(DEVELOPMENT_MARK) ? secret.substring(DEVELOPMENT_MARK.length()) : secret;
        byte[] key = decoded(auth, encoded.replace('-', '+').replace('_', '/'));
        if (key.length != BYTES) {
            throw refused(auth, "has " + key.length + " bytes");
        }
        return new Seal(key);
    }

    private static byte[] decoded(Settings auth, String encoded) {
        try {
            return Base64.getDecoder().decode(encoded);
        } catch (IllegalArgumentException notBase64) {
            throw refused(auth, "is not base64");
        }
    }

    private static ConfigException refused(Settings auth, String what) {
        return auth.refused(
                SETTING + "_file", what + "; it needs 32 bytes in base64, as `openssl rand -base64 32` prints them");
    }
}
