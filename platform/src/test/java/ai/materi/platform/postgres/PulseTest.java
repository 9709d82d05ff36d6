package ai.materi.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PulseTest {
    private final Pulse pulse = new Pulse(2);

    @Test
    void staysThroughAsManyMissesAsAreTolerated() {
        feel(false, false, true, false, false);

        assertThat(pulse.present()).isTrue();
    }

    @Test
    void isAbsentAfterOneMoreInARow() {
        feel(false, false, false);

        assertThat(pulse.present()).isFalse();
    }

    @Test
    void isBackWithTheFirstAnswer() {
        feel(false, false, false, false, false, true);

        assertThat(pulse.present()).isTrue();
    }

    private void feel(boolean... answers) {
        for (boolean answered : answers) {
            pulse.felt(answered);
        }
    }
}
