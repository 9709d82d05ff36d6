package ai.materi.collab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OutflowTest {
    private static final int LENGTH = 1_000 - Outflow.MESSAGE_COST;

    private final Outflow outflow = new Outflow(10_000);

    @Test
    void withholdsWhatWouldExceedTheBound() {
        for (int i = 0; i < 10; i++) {
            assertThat(outflow.admit(LENGTH)).isTrue();
        }

        assertThat(outflow.admit(LENGTH)).isFalse();
        assertThat(outflow.bytes()).isEqualTo(10_000);
    }

    @Test
    void numbersWhatItWithholds() {
        assertThat(outflow.admit(20_000)).isFalse();

        assertThat(outflow.last()).isOne();
    }

    @Test
    void sendsAgainOnceHalfOfTheBoundIsAcknowledged() {
        for (int i = 0; i < 11; i++) {
            outflow.admit(LENGTH);
        }

        assertThat(outflow.acknowledged(outflow.stream(), 4)).isFalse();
        assertThat(outflow.admit(LENGTH)).isFalse();
        assertThat(outflow.acknowledged(outflow.stream(), 5)).isTrue();
        assertThat(outflow.admit(LENGTH)).isTrue();
    }

    @Test
    void ignoresAnAcknowledgementOfAnotherStream() {
        outflow.admit(LENGTH);

        outflow.acknowledged(outflow.stream() + 1, 1);

        assertThat(outflow.bytes()).isEqualTo(1_000);
    }
}
