package ai.materi.auth.tokens;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM (NIST SP 800-38D): a random nonce of 96 bits, then what was sealed with its tag of 128 bits. What a secret is
 * for is bound to it, so that one sealed value cannot be put in another's place.
 */
public final class Seal {
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SecretKeySpec key;

    /** Takes a key of 32 bytes. */
    public Seal(byte[] key) {
        this.key = new SecretKeySpec(key, "AES");
    }

    public byte[] close(byte[] secret, String purpose) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, purpose).doFinal(secret);
            return ByteBuffer.allocate(NONCE_BYTES + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("This Java has no AES-256-GCM.", impossible);
        }
    }

    /** Throws {@link BrokenSealException} when it was closed with another key, for another purpose, or changed since. */
    public byte[] open(byte[] sealed, String purpose) {
        if (sealed.length < NONCE_BYTES + TAG_BITS / 8) {
            throw new BrokenSealException(purpose);
        }
        byte[] nonce = new byte[NONCE_BYTES];
        ByteBuffer bytes = ByteBuffer.wrap(sealed).get(nonce);
        byte[] secret = new byte[bytes.remaining()];
        bytes.get(secret);
        try {
            return cipher(Cipher.DECRYPT_MODE, nonce, purpose).doFinal(secret);
        } catch (AEADBadTagException broken) {
            throw new BrokenSealException(purpose);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("This Java has no AES-256-GCM.", impossible);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String purpose) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(purpose.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
