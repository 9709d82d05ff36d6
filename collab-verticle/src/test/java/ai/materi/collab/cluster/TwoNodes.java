package ai.materi.collab.cluster;

import ai.materi.collab.clients.RelayFixture;
import ai.materi.platform.node.Await;
import ai.materi.platform.node.FreePorts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.core.spi.cluster.RegistrationInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Two nodes of a cluster that have met, and room for a third. Their rooms never compare themselves with the log unless the
 * bus tells them to.
 */
record TwoNodes(RelayFixture here, RelayFixture there, List<Integer> ports) implements AutoCloseable {
    /** What a node may leave unacknowledged. */
    static final int BOUND = 64 * 1024;

    static TwoNodes start() {
        List<Integer> ports = FreePorts.take(3);
        RelayFixture here = RelayFixture.start(settings(ports, 0));
        RelayFixture there = here.sibling(settings(ports, 1));
        Await.until("the nodes have met", () -> gauge(here, "peers") == 1 && gauge(there, "peers") == 1);
        return new TwoNodes(here, there, ports);
    }

    /** A third node with Relay. */
    RelayFixture third() {
        return here.sibling(settings(ports, 2));
    }

    /** A third member without Relay, known to one of the nodes. */
    ForeignNode foreign(RelayFixture to) {
        ForeignNode node = ForeignNode.join(cluster(ports, 2));
        double before = gauge(to, "peers");
        Await.until("the foreign node is known", () -> {
            node.beat(vertx(to));
            return gauge(to, "peers") > before;
        });
        return node;
    }

    UUID document() {
        UUID document = here.document();
        there.share(document);
        return document;
    }

    /** As a partition may lose it: the cluster no longer knows that the node listens, and the node does not know that. */
    static void loseSubscription(RelayFixture node) {
        ClusterManager cluster = ((VertxInternal) vertx(node)).clusterManager();
        String address = "materi.collab.node." + cluster.getNodeId();
        Await.result(Future.<List<RegistrationInfo>>future(promise -> cluster.getRegistrations(address, promise))
                .compose(all -> Future.all(all.stream()
                        .map(one -> Future.<Void>future(promise -> cluster.removeRegistration(address, one, promise)))
                        .toList())));
    }

    static Vertx vertx(RelayFixture node) {
        return node.test().node().vertx();
    }

    static double counter(RelayFixture node, String name) {
        return node.test()
                .node()
                .meters()
                .get("materi.collab.bus." + name)
                .counter()
                .count();
    }

    static double gauge(RelayFixture node, String name) {
        return node.test()
                .node()
                .meters()
                .get("materi.collab.bus." + name)
                .gauge()
                .value();
    }

    private static String[] settings(List<Integer> ports, int node) {
        Map<String, String> values = new HashMap<>(cluster(ports, node));
        values.putAll(Map.of(
                "collab.room.heads_interval", "1h",
                "collab.cluster.heartbeat", "200ms",
                "collab.cluster.silence", "2s",
                "collab.cluster.unacknowledged_bytes", Integer.toString(BOUND)));
        return values.entrySet().stream()
                .flatMap(entry -> Stream.of(entry.getKey(), entry.getValue()))
                .toArray(String[]::new);
    }

    private static Map<String, String> cluster(List<Integer> ports, int node) {
        String members =
                String.join(",", ports.stream().map(port -> "127.0.0.1:" + port).toList());
        return Map.of(
                "cluster.enabled",
                "true",
                "cluster.host",
                "127.0.0.1",
                "cluster.port",
                Integer.toString(ports.get(node)),
                "cluster.members",
                members);
    }

    @Override
    public void close() {
        there.close();
        here.close();
    }
}
