package ai.materi.auth.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CursorColorTest {
    private static final long SEED = 20261120;

    @Test
    void isAlwaysTheSameForTheSameUser() {
        UUID id = UUID.fromString("0198c0de-0000-7000-8000-000000000001");
        assertThat(CursorColor.of(id)).isEqualTo(CursorColor.of(UUID.fromString(id.toString())));
    }

    @Test
    void letsWhiteTextBeReadOnEveryColour() {
        Random random = new Random(SEED);
        for (int i = 0; i < 2_000; i++) {
            String color = CursorColor.of(new UUID(random.nextLong(), random.nextLong()));
            assertThat(color).as("seed %d, number %d", SEED, i).matches("#[0-9a-f]{6}");
            assertThat(CursorColor.contrastWithWhite(rgb(color)))
                    .as("seed %d, number %d: %s", SEED, i, color)
                    .isGreaterThanOrEqualTo(4.5);
        }
    }

    @Test
    void differsAmongUsersWhoRegisteredOneAfterTheOther() {
        Set<String> colors = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            colors.add(CursorColor.of(new UUID(0x0198c0de00007000L, 0x8000000000000000L + i)));
        }
        assertThat(colors).hasSizeGreaterThan(15);
    }

    private static int[] rgb(String color) {
        int value = Integer.parseInt(color.substring(1), 16);
        return new int[] {value >> 16, (value >> 8) & 0xff, value & 0xff};
    }
}
