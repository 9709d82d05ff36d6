package ai.materi.collab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InflowTest {
    private static final long STREAM = 7;

    private final Inflow inflow = new Inflow();

    @Test
    void takesTheFirstMessageOfAStreamForOneThatOthersMayHaveComeBefore() {
        assertThat(inflow.message(STREAM, 1, 10, 0)).isTrue();
        assertThat(inflow.message(STREAM, 2, 10, 0)).isFalse();
        assertThat(inflow.message(STREAM + 1, 1, 10, 0)).isTrue();
    }

    @Test
    void missesWhatANumberSkips() {
        inflow.heartbeat(STREAM, 0, 0);

        assertThat(inflow.message(STREAM, 1, 10, 0)).isFalse();
        assertThat(inflow.message(STREAM, 3, 10, 0)).isTrue();
        assertThat(inflow.message(STREAM, 4, 10, 0)).isFalse();
    }

    @Test
    void missesWhatAHeartbeatKnowsOf() {
        inflow.heartbeat(STREAM, 5, 0);

        assertThat(inflow.heartbeat(STREAM, 5, 0)).isFalse();
        assertThat(inflow.heartbeat(STREAM, 6, 0)).isTrue();
        assertThat(inflow.reached()).isEqualTo(6);
    }

    @Test
    void isSilentWhenNothingCameForAWhile() {
        assertThat(inflow.isSilent(1_000, 100)).isFalse();

        inflow.heartbeat(STREAM, 0, 1_000);

        assertThat(inflow.isSilent(1_100, 100)).isFalse();
        assertThat(inflow.isSilent(1_101, 100)).isTrue();
    }
}
