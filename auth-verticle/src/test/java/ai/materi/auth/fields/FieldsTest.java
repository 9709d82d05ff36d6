package ai.materi.auth.fields;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ada@example.com",
                "a@b.co",
                "first.last+tag@sub.example.org",
                "o'brien@example.ie",
                "UPPER@EXAMPLE.COM",
                "ada@demo.materi.local"
            })
    void takesAnAddress(String email) {
        assertThat(Fields.email("email", " " + email + " ")).isEqualTo(email);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "ada",
                "ada@",
                "@example.com",
                "ada@localhost",
                "ada@@example.com",
                "a da@example.com",
                "ada@exam ple.com",
                "ada@-example.com",
                "ada@example..com",
                ".ada@example.com",
                "ada.@example.com",
                "a..da@example.com",
                "\"ada\"@example.com",
                "ada@example.com\r\nBcc: all@example.com",
                "ada@[127.0.0.1]",
                "ädä@example.com",
                "ada@example.123"
            })
    void refusesWhatIsNoAddress(String email) {
        assertRefused("email", () -> Fields.email("email", email));
    }

    @Test
    void refusesAnAddressThatIsTooLong() {
        String local = "a".repeat(64);
        String domain = ("b".repeat(61) + ".").repeat(3) + "com";
        assertThatCode(() -> Fields.email("email", local + "@" + domain)).doesNotThrowAnyException();
        assertRefused("email", () -> Fields.email("email", "a" + local + "@example.com"));
        assertRefused("email", () -> Fields.email("email", local + "@" + "c" + domain + "." + domain));
    }

    @Test
    @Timeout(60)
    void judgesAHostileAddressWithoutHanging() {
        String hostile = "a.".repeat(50) + "@" + "b-".repeat(50) + "!";
        assertRefused("email", () -> Fields.email("email", hostile));
    }

    @Test
    void countsTheCharactersOfANameAsPeopleDo() {
        assertThat(Fields.name("name", "  Ada Lovelace ")).isEqualTo("Ada Lovelace");
        assertThat(Fields.name("name", "😀".repeat(80))).hasSize(160);
        assertRefused("name", () -> Fields.name("name", "😀".repeat(81)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\u0000b", "a\nb", "a\u001bb", "a\u202eb", "a\u2028b", "a\ud800b", "\u0085"})
    void refusesANameThatCannotBeShown(String name) {
        assertRefused("name", () -> Fields.name("name", name));
    }

    @Test
    void boundsNewPasswords() {
        assertRefused("password", () -> Fields.newPassword("password", "123456789"));
        assertRefused("password", () -> Fields.newPassword("password", "x".repeat(129)));
        assertRefused("password", () -> Fields.newPassword("password", " ".repeat(12)));
        assertThat(Fields.newPassword("password", "x".repeat(128))).hasSize(128);
    }

    @Test
    void takesAPasswordForTheSameHoweverItWasComposed() {
        assertThat(Fields.password("password", "Ame\u0301lie-Paris"))
                .isEqualTo(Fields.password("password", "Am\u00e9lie-Paris"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "-ab",
                "ab-",
                "AB",
                "a b",
                "a_b",
                "ä-b",
                "a'; drop table auth.users; --",
                "0198c0de-0000-7000-8000-000000000000"
            })
    void refusesWhatIsNoSlug(String slug) {
        assertRefused("slug", () -> Fields.slug("slug", slug));
    }

    @Test
    void boundsSlugs() {
        assertThat(Fields.slug("slug", "a".repeat(48))).hasSize(48);
        assertRefused("slug", () -> Fields.slug("slug", "a".repeat(49)));
    }

    @Test
    void makesASlugOfAnyName() {
        Map<String, String> slugs = Map.of(
                "Über uns!",
                "uber-uns",
                "Team 42",
                "team-42",
                "文書",
                "workspace",
                "---",
                "workspace",
                "x",
                "workspace",
                "a".repeat(80),
                "a".repeat(48));
        slugs.forEach((name, slug) -> assertThat(Fields.slugFrom(name)).isEqualTo(slug));
    }

    @Test
    void makesOnlySlugsThatItTakes() {
        List.of("A -- B", "ends with dash -".repeat(4), "0198C0DE-0000-7000-8000-000000000000", "Ⅳ. Quartal")
                .forEach(
                        name -> assertThat(Fields.isSlug(Fields.slugFrom(name))).isTrue());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "1", "0198c0de000070008000000000000000", "0198c0de-0000-7000-8000-00000000000g", "1-1-1-1-1"
            })
    void refusesWhatIsNoId(String id) {
        assertRefused("document_id", () -> Fields.uuid("document_id", id));
    }

    @Test
    void refusesNewIdsThatAreNotInOrderOfTime() {
        assertRefused("document_id", () -> Fields.uuidV7("document_id", "4fe29d68-8a6f-4c5e-9d0a-2b6f4a1c9d11"));
        assertThat(Fields.uuidV7("document_id", "0198c0de-0000-7000-8000-000000000000"))
                .isNotNull();
    }

    private static void assertRefused(String field, ThrowingCallable reading) {
        Problem problem = catchThrowableOfType(Problem.class, reading);
        assertThat(problem.code()).isEqualTo(ProblemCode.INVALID_FIELD);
        assertThat(problem.members()).containsEntry("field", field);
    }
}
