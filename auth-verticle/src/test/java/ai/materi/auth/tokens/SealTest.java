package ai.materi.auth.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SealTest {
    private static final byte[] SECRET = "a private key".getBytes(StandardCharsets.UTF_8);

    private final Seal seal = new Seal(new byte[32]);

    @Test
    void opensWhatItClosed() {
        assertThat(seal.open(seal.close(SECRET, "key 1"), "key 1")).isEqualTo(SECRET);
    }

    @Test
    void closesTheSameSecretDifferentlyEachTime() {
        assertThat(seal.close(SECRET, "key 1")).isNotEqualTo(seal.close(SECRET, "key 1"));
    }

    @Test
    void refusesAnotherPurpose() {
        byte[] sealed = seal.close(SECRET, "key 1");
        assertThatThrownBy(() -> seal.open(sealed, "key 2")).isInstanceOf(BrokenSealException.class);
    }

    @Test
    void refusesAnotherKey() {
        byte[] sealed = seal.close(SECRET, "key 1");
        byte[] other = new byte[32];
        other[31] = 1;
        assertThatThrownBy(() -> new Seal(other).open(sealed, "key 1")).isInstanceOf(BrokenSealException.class);
    }

    @Test
    void refusesEveryChangedByte() {
        byte[] sealed = seal.close(SECRET, "key 1");
        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            assertThatThrownBy(() -> seal.open(changed, "key 1"))
                    .as("byte %d", i)
                    .isInstanceOf(BrokenSealException.class);
        }
    }

    @Test
    void refusesWhatIsTooShortToBeSealed() {
        assertThatThrownBy(() -> seal.open(new byte[5], "key 1")).isInstanceOf(BrokenSealException.class);
    }
}
