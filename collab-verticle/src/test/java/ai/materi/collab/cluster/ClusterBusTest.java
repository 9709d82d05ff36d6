package ai.materi.collab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.collab.clients.RelayFixture;
import ai.materi.collab.clients.YjsClient;
import ai.materi.platform.node.Await;
import io.vertx.core.buffer.Buffer;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two nodes of a cluster whose rooms never compare themselves with the log unless the bus tells them to. */
@Timeout(120)
class ClusterBusTest {
    private static TwoNodes nodes;
    private static RelayFixture here;
    private static RelayFixture there;

    @BeforeAll
    static void start() {
        nodes = TwoNodes.start();
        here = nodes.here();
        there = nodes.there();
    }

    @AfterAll
    static void stop() {
        nodes.close();
    }

    @Test
    void carriesWhatEachNodeCommits() {
        UUID document = nodes.document();
        YjsClient ada = here.yjs(document, "ada");
        YjsClient bob = there.yjs(document, "bob");

        ada.insert(0, "from here");
        bob.awaitText("from here");
        bob.insert(0, "from there, ");

        ada.awaitText("from there, from here");
    }

    @Test
    void tellsOfAnUpdateThatIsTooLargeForTheBus() {
        UUID document = nodes.document();
        YjsClient ada = here.yjs(document, "ada");
        YjsClient bob = there.yjs(document, "bob");
        String large = "x".repeat(1_200_000);

        ada.insert(0, large);

        Await.until("bob has it", () -> bob.text().equals(large));
    }

    @Test
    void subscribesAgainWhenItsSubscriptionWasLost() {
        UUID document = nodes.document();
        YjsClient ada = here.yjs(document, "ada");
        YjsClient bob = there.yjs(document, "bob");
        TwoNodes.loseSubscription(there);

        ada.insert(0, "said into the void");

        bob.awaitText("said into the void");
        ada.insert(0, "heard again, ");
        bob.awaitText("heard again, said into the void");
    }

    @Test
    void sendsNoMoreThanTheBoundToANodeThatDoesNotAcknowledge() {
        UUID document = nodes.document();
        YjsClient ada = here.yjs(document, "ada");
        try (ForeignNode paused = nodes.foreign(here)) {
            double withheld = TwoNodes.counter(here, "withheld");

            for (int i = 0; i < 200; i++) {
                ada.insert(0, "x".repeat(1_000));
                ada.awaitSaved();
            }

            assertThat(TwoNodes.counter(here, "withheld")).isGreaterThan(withheld);
            assertThat(TwoNodes.gauge(here, "unacknowledged")).isLessThanOrEqualTo(2.0 * TwoNodes.BOUND);
            assertThat(paused.messages()).isLessThan(200);
            Await.until("it has heard that it missed something, and acknowledged", () -> {
                paused.beat(TwoNodes.vertx(here));
                return paused.missed() && TwoNodes.gauge(here, "unacknowledged") == 0;
            });
            int before = paused.messages();
            ada.insert(0, "again");
            Await.until("it is sent messages again", () -> paused.messages() > before);
        }
    }

    @Test
    void bringsAPausedNodeUpToDateWhenItRunsAgain() {
        UUID document = nodes.document();
        YjsClient ada = here.yjs(document, "ada");
        YjsClient bob = there.yjs(document, "bob");
        double withheld = TwoNodes.counter(here, "withheld");

        Pause.during(TwoNodes.vertx(there), () -> {
            for (int i = 0; i < 100; i++) {
                ada.insert(0, "x".repeat(1_000));
                ada.awaitSaved();
            }
            assertThat(TwoNodes.counter(here, "withheld")).isGreaterThan(withheld);
            assertThat(TwoNodes.gauge(here, "unacknowledged")).isLessThanOrEqualTo(TwoNodes.BOUND);
        });

        Await.until("bob has everything", () -> bob.text().equals(ada.text()));
        bob.insert(0, "and back");
        Await.until("ada has it", () -> ada.text().startsWith("and back"));
    }

    @Test
    void countsAndIgnoresWhatItCannotRead() {
        UUID document = nodes.document();
        YjsClient ada = here.yjs(document, "ada");
        YjsClient bob = there.yjs(document, "bob");
        try (ForeignNode rude = nodes.foreign(there)) {
            double before = TwoNodes.counter(there, "malformed");

            rude.say(TwoNodes.vertx(there), Buffer.buffer());
            rude.say(TwoNodes.vertx(there), "no buffer at all");
            rude.say(TwoNodes.vertx(there), Buffer.buffer(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1}));
            rude.tell(TwoNodes.vertx(there), BusMessages.UPDATES, new byte[] {3, 'x', 'y', 'z'});
            rude.tell(TwoNodes.vertx(there), 99, new byte[0]);

            Await.until("all are counted", () -> TwoNodes.counter(there, "malformed") == before + 5);
            ada.insert(0, "unharmed");
            bob.awaitText("unharmed");
        }
    }
}
