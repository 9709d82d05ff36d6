package ai.materi.collab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.collab.clients.RelayFixture;
import ai.materi.collab.clients.YjsClient;
import ai.materi.platform.node.Await;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.core.spi.cluster.RegistrationInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two nodes of a cluster whose rooms never compare themselves with the log unless the bus tells them to. */
@Timeout(120)
class ClusterBusTest {
    private static final int BOUND = 64 * 1024;
    private static final List<Integer> PORTS = List.of(freePort(), freePort(), freePort());

    private static RelayFixture here;
    private static RelayFixture there;

    @BeforeAll
    static void start() {
        here = RelayFixture.start(settings(0));
        there = here.sibling(settings(1));
        Await.until("the nodes have met", () -> gauge(here, "peers") == 1 && gauge(there, "peers") == 1);
    }

    @AfterAll
    static void stop() {
        there.close();
        here.close();
    }

    @Test
    void carriesWhatEachNodeCommits() {
        UUID document = shared();
        YjsClient ada = here.yjs(document, "ada");
        YjsClient bob = there.yjs(document, "bob");

        ada.insert(0, "from here");
        bob.awaitText("from here");
        bob.insert(0, "from there, ");

        ada.awaitText("from there, from here");
    }

    @Test
    void tellsOfAnUpdateThatIsTooLargeForTheBus() {
        UUID document = shared();
        YjsClient ada = here.yjs(document, "ada");
        YjsClient bob = there.yjs(document, "bob");
        String large = "x".repeat(1_200_000);

        ada.insert(0, large);

        Await.until("bob has it", () -> bob.text().equals(large));
    }

    @Test
    void subscribesAgainWhenItsSubscriptionWasLost() {
        UUID document = shared();
        YjsClient ada = here.yjs(document, "ada");
        YjsClient bob = there.yjs(document, "bob");
        loseSubscription(vertx(there));

        ada.insert(0, "said into the void");

        bob.awaitText("said into the void");
        ada.insert(0, "heard again, ");
        bob.awaitText("heard again, said into the void");
    }

    @Test
    void sendsNoMoreThanTheBoundToANodeThatDoesNotAcknowledge() {
        UUID document = shared();
        YjsClient ada = here.yjs(document, "ada");
        try (ForeignNode paused = ForeignNode.join(cluster(2))) {
            Await.until("the paused node is known", () -> {
                paused.beat(vertx(here));
                return gauge(here, "peers") == 2;
            });
            double withheld = counter(here, "withheld");

            for (int i = 0; i < 200; i++) {
                ada.insert(0, "x".repeat(1_000));
                ada.awaitSaved();
            }

            assertThat(counter(here, "withheld")).isGreaterThan(withheld);
            assertThat(gauge(here, "unacknowledged")).isLessThanOrEqualTo(2.0 * BOUND);
            assertThat(paused.messages()).isLessThan(200);
            Await.until("it hears that it missed something once it acknowledges", () -> {
                paused.beat(vertx(here));
                return paused.missed();
            });
            int before = paused.messages();
            ada.insert(0, "again");
            Await.until("it is sent messages again", () -> paused.messages() > before);
        }
    }

    @Test
    void countsAndIgnoresWhatItCannotRead() {
        UUID document = shared();
        YjsClient ada = here.yjs(document, "ada");
        YjsClient bob = there.yjs(document, "bob");
        try (ForeignNode rude = ForeignNode.join(cluster(2))) {
            Await.until("the rude node is known", () -> {
                rude.beat(vertx(there));
                return gauge(there, "peers") == 2;
            });
            double before = counter(there, "malformed");

            rude.say(vertx(there), Buffer.buffer());
            rude.say(vertx(there), "no buffer at all");
            rude.say(vertx(there), Buffer.buffer(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1}));
            rude.tell(vertx(there), BusMessages.UPDATES, new byte[] {3, 'x', 'y', 'z'});
            rude.tell(vertx(there), 99, new byte[0]);

            Await.until("all are counted", () -> counter(there, "malformed") == before + 5);
            ada.insert(0, "unharmed");
            bob.awaitText("unharmed");
        }
    }

    private static UUID shared() {
        UUID document = here.document();
        there.share(document);
        return document;
    }

    /** As a partition may lose it: the cluster no longer knows that the node listens, and the node does not know that. */
    private static void loseSubscription(Vertx vertx) {
        ClusterManager cluster = ((VertxInternal) vertx).clusterManager();
        String address = "materi.collab.node." + cluster.getNodeId();
        Await.result(Future.<List<RegistrationInfo>>future(promise -> cluster.getRegistrations(address, promise))
                .compose(all -> Future.all(all.stream()
                        .map(one -> Future.<Void>future(promise -> cluster.removeRegistration(address, one, promise)))
                        .toList())));
    }

    private static Vertx vertx(RelayFixture node) {
        return node.test().node().vertx();
    }

    private static double counter(RelayFixture node, String name) {
        return node.test()
                .node()
                .meters()
                .get("materi.collab.bus." + name)
                .counter()
                .count();
    }

    private static double gauge(RelayFixture node, String name) {
        return node.test()
                .node()
                .meters()
                .get("materi.collab.bus." + name)
                .gauge()
                .value();
    }

    private static String[] settings(int node) {
        Map<String, String> values = new HashMap<>(cluster(node));
        values.putAll(Map.of(
                "collab.room.heads_interval", "1h",
                "collab.cluster.heartbeat", "200ms",
                "collab.cluster.silence", "2s",
                "collab.cluster.unacknowledged_bytes", Integer.toString(BOUND)));
        return values.entrySet().stream()
                .flatMap(entry -> Stream.of(entry.getKey(), entry.getValue()))
                .toArray(String[]::new);
    }

    private static Map<String, String> cluster(int node) {
        return Map.of(
                "cluster.enabled",
                "true",
                "cluster.host",
                "127.0.0.1",
                "cluster.port",
                Integer.toString(PORTS.get(node)),
                "cluster.members",
                String.join(",", PORTS.stream().map(port -> "127.0.0.1:" + port).toList()));
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
