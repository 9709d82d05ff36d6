package ai.materi.auth.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuessabilityTest {
    private final Guessability guessability = new Guessability(2);

    @ParameterizedTest
    @ValueSource(strings = {"1234567890", "password123", "qwertyuiop", "aaaaaaaaaaaa", "grace.hopper", "Grace Hopper"})
    void refusesWhatIsGuessedFirst(String password) {
        Problem problem = catchThrowableOfType(
                Problem.class, () -> guessability.requireHard(password, "grace.hopper@navy.example", "Grace Hopper"));
        assertThat(problem.code()).isEqualTo(ProblemCode.WEAK_PASSWORD);
        assertThat(problem.members()).containsEntry("field", "password");
    }

    @ParameterizedTest
    @ValueSource(strings = {"correct horse battery staple", "vq8-Ztru4-pLm2", "Schlüsselblume-Regal-71"})
    void takesWhatIsHardToGuess(String password) {
        assertThatCode(() -> guessability.requireHard(password, "grace.hopper@navy.example", "Grace Hopper"))
                .doesNotThrowAnyException();
    }

    @Test
    @Timeout(60)
    void judgesTheLongestPasswordWithoutHanging() {
        guessability.requireHard("loads the dictionaries first", "a@b.co", "A");
        String hostile = "p4$5w0rD1!".repeat(12) + "P@55w0rd";
        assertThatCode(() -> judge(hostile)).doesNotThrowAnyException();
    }

    private static void judge(String password) {
        new Guessability(0).requireHard(password, "grace.hopper@navy.example", "Grace Hopper");
    }
}
