package ai.materi.auth.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.materi.auth.tokens.BrokenSealException;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefreshTokenTest {
    @Test
    void isTheSameAfterItWasWrittenAndRead() {
        RefreshToken token = RefreshToken.random();
        assertThat(RefreshToken.parse(token.text()).orElseThrow().hash()).isEqualTo(token.hash());
    }

    @Test
    void opensTheSuccessorThatWasSealedUnderIt() {
        RefreshToken token = RefreshToken.random();
        RefreshToken successor = RefreshToken.random();
        assertThat(token.successor(token.sealed(successor)).text()).isEqualTo(successor.text());
    }

    @Test
    void opensNothingThatWasSealedUnderAnother() {
        RefreshToken token = RefreshToken.random();
        Buffer sealed = token.sealed(RefreshToken.random());
        assertThatThrownBy(() -> RefreshToken.random().successor(sealed)).isInstanceOf(BrokenSealException.class);
    }

    @Test
    void neverShowsItselfInALog() {
        RefreshToken token = RefreshToken.random();
        assertThat(token.toString()).doesNotContain(token.text());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "mrt_",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "mrt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA!",
                "mrt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB",
                "mrt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            })
    void isNotWhatIsWrittenOtherwise(String text) {
        assertThat(RefreshToken.parse(text)).isEmpty();
    }
}
