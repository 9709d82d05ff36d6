package ai.materi.gateway.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PositionTest {
    private static final Position SOMEWHERE = new Position(
            OffsetDateTime.parse("2026-11-20T12:34:56.123456Z"),
            UUID.fromString("0197a3c0-0000-7000-8000-0000000000d1"));

    @Test
    void comesBackFromItsCursor() {
        assertThat(Position.parse(SOMEWHERE.cursor(7), 7)).contains(SOMEWHERE);
    }

    @Test
    void isRefusedWithOtherFilters() {
        assertThat(Position.parse(SOMEWHERE.cursor(7), 8)).isEmpty();
    }

    @Test
    void isRefusedWhenAnyByteWasChanged() {
        String cursor = SOMEWHERE.cursor(7);
        for (int i = 0; i < cursor.length(); i++) {
            char other = cursor.charAt(i) == 'x' ? 'y' : 'x';
            assertThat(Position.parse(cursor.substring(0, i) + other + cursor.substring(i + 1), 7))
                    .as("position %d", i)
                    .isEmpty();
        }
    }

    @Test
    void isRefusedWhenItIsNoise() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            String noise = java.util.Base64.getUrlEncoder().encodeToString(bytes);
            Optional<Position> parsed = Position.parse(noise, 7);
            assertThat(parsed).as("seed %d", seed).isEmpty();
        }
    }
}
