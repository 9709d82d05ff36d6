package ai.materi.auth.documents;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.auth.roles.Role;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StandingTest {
    @ParameterizedTest
    @CsvSource({
        "VIEWER,    ALLOWED, DENIED,  DENIED,  DENIED,  DENIED",
        "COMMENTER, ALLOWED, ALLOWED, DENIED,  DENIED,  DENIED",
        "EDITOR,    ALLOWED, ALLOWED, ALLOWED, DENIED,  ALLOWED",
        "ADMIN,     ALLOWED, ALLOWED, ALLOWED, ALLOWED, ALLOWED",
        "OWNER,     ALLOWED, ALLOWED, ALLOWED, ALLOWED, ALLOWED",
    })
    void decidesByRoleWhatMayBeDoneWithADocument(
            Role role, Verdict read, Verdict comment, Verdict write, Verdict manage, Verdict restore) {
        assertVerdicts(DocumentState.ACTIVE, role, read, comment, write, manage, restore);
    }

    @ParameterizedTest
    @CsvSource({
        "VIEWER,    HIDDEN, HIDDEN, HIDDEN, HIDDEN,  HIDDEN",
        "COMMENTER, HIDDEN, HIDDEN, HIDDEN, HIDDEN,  HIDDEN",
        "EDITOR,    HIDDEN, HIDDEN, HIDDEN, DENIED,  ALLOWED",
        "ADMIN,     HIDDEN, HIDDEN, HIDDEN, ALLOWED, ALLOWED",
        "OWNER,     HIDDEN, HIDDEN, HIDDEN, ALLOWED, ALLOWED",
    })
    void hidesWhatIsInTheTrashFromAllWhoCouldNotBringItBack(
            Role role, Verdict read, Verdict comment, Verdict write, Verdict manage, Verdict restore) {
        assertVerdicts(DocumentState.TRASHED, role, read, comment, write, manage, restore);
    }

    @ParameterizedTest
    @CsvSource({"VIEWER", "EDITOR", "OWNER"})
    void hidesWhatIsPurgedFromEverybody(Role role) {
        Verdict hidden = Verdict.HIDDEN;
        assertVerdicts(DocumentState.PURGED, role, hidden, hidden, hidden, hidden, hidden);
    }

    private static void assertVerdicts(
            DocumentState state,
            Role role,
            Verdict read,
            Verdict comment,
            Verdict write,
            Verdict manage,
            Verdict restore) {
        Standing standing = new Standing(new UUID(0, 1), state, role);
        assertThat(standing.decide(Action.READ)).isEqualTo(read);
        assertThat(standing.decide(Action.COMMENT)).isEqualTo(comment);
        assertThat(standing.decide(Action.WRITE)).isEqualTo(write);
        assertThat(standing.decide(Action.MANAGE)).isEqualTo(manage);
        assertThat(standing.decide(Action.RESTORE)).isEqualTo(restore);
    }
}
