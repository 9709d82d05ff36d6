package ai.materi.auth.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class Argon2idTest {
    private final Argon2id argon2id = new Argon2id();

    @Test
    void knowsThePasswordAgainThatItHashed() {
        String hash = argon2id.hash("correct horse battery staple");
        assertThat(argon2id.matches("correct horse battery staple", hash)).isTrue();
        assertThat(argon2id.matches("correct horse battery stapler", hash)).isFalse();
    }

    @Test
    void writesWhatOthersCanRead() {
        assertThat(argon2id.hash("correct horse battery staple"))
                .matches("\\$argon2id\\$v=19\\$m=19456,t=2,p=1\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}");
    }

    /** Made with the reference implementation: {@code printf password | argon2 somesalt -id -t 2 -k 65536 -p 1 -l 32 -e}. */
    @Test
    void readsWhatTheReferenceImplementationWrote() {
        String reference = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        assertThat(argon2id.matches("password", reference)).isTrue();
    }

    @Test
    void saltsEveryHash() {
        assertThat(argon2id.hash("correct horse battery staple"))
                .isNotEqualTo(argon2id.hash("correct horse battery staple"));
    }

    @Test
    void letsNobodyInAsNobody() {
        assertThat(argon2id.matches("", Argon2id.NOBODY)).isFalse();
        assertThat(argon2id.matches("correct horse battery staple", Argon2id.NOBODY))
                .isFalse();
    }

    @Test
    void saysSoWhenAStoredHashIsNotOfItsForm() {
        assertThatThrownBy(() -> argon2id.matches("x", "$2b$12$abc")).isInstanceOf(IllegalStateException.class);
    }
}
