package ai.materi.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.materi.platform.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntityTagsTest {
    private static EntityTags parse(String value) {
        return EntityTags.parse("If-Match", value).orElseThrow();
    }

    @Test
    void readsListsWithWeakTagsAndOddSpacing() {
        EntityTags tags = parse("\"a\" ,W/\"b\",\t\"c,d\" , ");

        assertThat(tags.tags())
                .containsExactly(
                        new EntityTags.Tag("a", false),
                        new EntityTags.Tag("b", true),
                        new EntityTags.Tag("c,d", false));
    }

    @Test
    void comparesStronglyAndWeakly() {
        assertThat(parse("W/\"a\"").matchesStrongly("a")).isFalse();
        assertThat(parse("W/\"a\"").matchesWeakly("a")).isTrue();
        assertThat(parse("*").matchesStrongly("anything")).isTrue();
        assertThat(parse("\"\"").matchesStrongly("")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "\"a", "a\"", "\"a\" \"b\"", "w/\"a\"", "W/a", "*, \"a\"", "\"a\", *", ","})
    void refusesWhatIsNoList(String value) {
        assertThatThrownBy(() -> parse(value)).isInstanceOf(Problem.class);
    }

    @Test
    void boundsTheList() {
        assertThatThrownBy(() -> parse("\"a\",".repeat(33))).isInstanceOf(Problem.class);
        assertThat(EntityTags.parse("If-Match", null)).isEmpty();
    }
}
