package ai.materi.collab.cluster;

import ai.materi.collab.frame.FrameReader;
import ai.materi.platform.cluster.Cluster;
import ai.materi.platform.config.TestSettings;
import ai.materi.platform.node.Await;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.VertxInternal;
import java.nio.file.Path;
import java.util.Map;

/** A member of the cluster without Relay, which says on the bus only what a test says, and notes what it is sent. */
final class ForeignNode implements AutoCloseable {
    private final Vertx vertx;
    private final String id;
    private final Outflow outflow = new Outflow(1_000_000);
    private final Inflow inflow = new Inflow();
    private int messages;
    private boolean missed;

    private ForeignNode(Vertx vertx) {
        this.vertx = vertx;
        this.id = ((VertxInternal) vertx).clusterManager().getNodeId();
    }

    static ForeignNode join(Map<String, String> cluster) {
        Vertx vertx = Await.result(Cluster.build(
                Vertx.builder(),
                new VertxOptions(),
                TestSettings.with(Path.of("target", "foreign-node"), cluster).section("cluster")));
        ForeignNode node = new ForeignNode(vertx);
        Await.result(vertx.eventBus()
                .<Buffer>consumer("materi.collab.node." + node.id, message -> node.received(message.body()))
                .completion());
        return node;
    }

    /** Says that it is there, and acknowledges what it has noted. */
    synchronized void beat(Vertx to) {
        say(to, BusMessages.heartbeat(id, outflow, inflow));
    }

    synchronized void tell(Vertx to, int type, byte[] body) {
        outflow.admit(body.length);
        say(to, BusMessages.numbered(id, type, outflow, body));
    }

    /** Any object that the event bus carries. */
    void say(Vertx to, Object message) {
        vertx.eventBus()
                .send(
                        "materi.collab.node."
                                + ((VertxInternal) to).clusterManager().getNodeId(),
                        message);
    }

    String id() {
        return id;
    }

    /** Numbered messages that came. */
    synchronized int messages() {
        return messages;
    }

    /** Whether a heartbeat told of messages that never came, after the first. */
    synchronized boolean missed() {
        return missed;
    }

    private synchronized void received(Buffer message) {
        FrameReader reader = new FrameReader(message);
        BusMessages.sender(reader);
        int type = reader.type();
        boolean first = !inflow.isHeard();
        if (type == BusMessages.HEARTBEAT) {
            missed |= inflow.heartbeat(reader.varUint(), reader.varUint(), 0) && !first;
        } else {
            messages++;
            inflow.message(reader.varUint(), reader.varUint(), message.length(), 0);
        }
    }

    @Override
    public void close() {
        Await.result(vertx.close());
    }
}
