package ai.materi.collab.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The rate of presence falls with the room's size, and no receiver is sent more than its share. */
class PaceTest {
    private static final long NOW = System.nanoTime() + Duration.ofHours(1).toNanos();

    private final Pace pace = new Pace(Duration.ofMillis(40), 5_000, 64_000);

    @Test
    void isOneTickInASmallRoomAndLongerInALargeOne() {
        assertThat(pace.delayMs(2, NOW + Duration.ofSeconds(1).toNanos())).isEqualTo(40);
        assertThat(pace.delayMs(1_000, NOW + Duration.ofSeconds(1).toNanos())).isEqualTo(200);
        assertThat(pace.delayMs(5_000, NOW + Duration.ofSeconds(1).toNanos())).isEqualTo(1_000);
    }

    @Test
    void sendsNoMoreThanTheRateInOneTick() {
        assertThat(pace.portion(2)).isEqualTo(2_560);
        assertThat(pace.portion(1_000)).isEqualTo(12_800);
    }

    @Test
    void waitsAfterALargeStateUntilItsBytesAreDue() {
        pace.sent(16_000, NOW);

        assertThat(pace.delayMs(2, NOW)).isEqualTo(250);
        assertThat(pace.delayMs(2, NOW + Duration.ofMillis(240).toNanos())).isEqualTo(40);
    }
}
