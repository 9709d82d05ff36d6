package ai.materi.auth.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.materi.platform.problem.Problem;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageRequestTest {
    private static final UUID KEY = UUID.fromString("0198c0de-0000-7000-8000-0000000000ff");

    @Test
    void goesOnAfterTheLastItemOfThePageBefore() {
        Page<UUID> page = Page.of(PageRequest.of(1, ""), List.of(KEY, UUID.randomUUID()), Function.identity());
        assertThat(page.items()).containsExactly(KEY);
        assertThat(PageRequest.of(1, page.next()).after()).isEqualTo(KEY);
    }

    @Test
    void endsWithThePageThatHasNoMoreThanItsLimit() {
        assertThat(Page.of(PageRequest.of(2, ""), List.of(KEY, KEY), Function.identity())
                        .next())
                .isEmpty();
    }

    @Test
    void takesFiftyWhenNothingIsSaid() {
        assertThat(PageRequest.of(0, "").limit()).isEqualTo(50);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 101, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void refusesALimitOutsideItsBounds(int limit) {
        assertThatThrownBy(() -> PageRequest.of(limit, "")).isInstanceOf(Problem.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "!!!!!!!!!!!!!!!!!!!!!!", "'; drop table auth.users; --", "AAAAAAAAAAAAAAAAAAAAA="})
    void refusesACursorThatNoPageGave(String cursor) {
        assertThatThrownBy(() -> PageRequest.of(1, cursor)).isInstanceOf(Problem.class);
    }
}
