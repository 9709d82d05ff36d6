package ai.materi.collab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class NodePeerTest {
    private static final UUID ONE = new UUID(0, 1);
    private static final UUID TWO = new UUID(0, 2);

    private final NodePeer peer = new NodePeer("nowhere", 1_000);

    @Test
    void asksAgainAndAnewWhatWasNotAnsweredWithinTwoHeartbeats() {
        peer.inflow().heartbeat(1, 1, 0);
        peer.toAsk(List.of(ONE, TWO));
        assertThat(peer.nextToAsk()).containsExactly(ONE, TWO);
        assertThat(peer.question()).isEqualTo(BusMessages.WHO_IS_THERE);
        peer.answered(ONE);

        peer.mayAsk();
        assertThat(peer.nextToAsk()).isEmpty();
        peer.mayAsk();

        assertThat(peer.nextToAsk()).containsExactly(TWO);
        assertThat(peer.question()).isEqualTo(BusMessages.WHO_IS_THERE_ANEW);
    }

    @Test
    void doesNotAskAgainWhatWasAnswered() {
        peer.inflow().heartbeat(1, 1, 0);
        peer.toAsk(List.of(ONE, TWO));
        peer.nextToAsk();
        peer.question();
        peer.answered(ONE);
        peer.answered(TWO);

        for (int heartbeat = 0; heartbeat < 5; heartbeat++) {
            peer.mayAsk();
            assertThat(peer.nextToAsk()).isEmpty();
        }
    }

    @Test
    void leavesANodeAloneThatIsNotHeard() {
        peer.toAsk(List.of(ONE));
        peer.nextToAsk();

        for (int heartbeat = 0; heartbeat < 5; heartbeat++) {
            peer.mayAsk();
            assertThat(peer.nextToAsk()).isEmpty();
        }
    }
}
