package ai.materi.platform.node;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP line to a server of 127.0.0.1 that can be cut, frozen, slowed down, held in one direction, garbled and mended. While
 * it is cut its port still takes connections and hangs up: a port that nobody holds may be given to somebody else.
 */
public final class Cable {
    private enum Condition {
        WHOLE,
        FROZEN,
        CUT
    }

    private final Vertx vertx;
    private final NetClient client;
    private final NetServer server;
    private final Set<NetSocket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<Flow> flows = ConcurrentHashMap.newKeySet();
    private volatile Condition condition = Condition.WHOLE;
    private volatile long delayMillis;
    private volatile boolean holdsAnswers;
    private volatile int target;

    private Cable(Vertx vertx, int target) {
        this.vertx = vertx;
        this.target = target;
        this.client = vertx.createNetClient();
        this.server = vertx.createNetServer().connectHandler(this::join);
    }

    /** One that is whole, to the server of this URL; ends with its Vert.x. */
    public static Cable to(Vertx vertx, String url) {
        Cable cable = new Cable(vertx, URI.create(url).getPort());
        Await.result(cable.server.listen(0, "127.0.0.1"));
        return cable;
    }

    /** The URL with this line in place of its server. */
    public String through(String url) {
        return url.replace(":" + URI.create(url).getPort(), ":" + server.actualPort());
    }

    /** Leads to another server from the next connection on. */
    public void leadTo(String url) {
        target = URI.create(url).getPort();
    }

    /** The port to which clients connect. */
    public int port() {
        return server.actualPort();
    }

    public void mend() {
        condition = Condition.WHOLE;
        delayMillis = 0;
        holdsAnswers = false;
        flows.forEach(Flow::wake);
    }

    /** Returns when nothing can come through any more. */
    public void cut() {
        condition = Condition.CUT;
        Await.result(Future.join(sockets.stream().map(NetSocket::close).toList()));
    }

    /** Bytes are taken, and go nowhere. */
    public void freeze() {
        condition = Condition.FROZEN;
    }

    /** Everything arrives this much later, in either direction. */
    public void delay(long millis) {
        delayMillis = millis;
    }

    long delayMillis() {
        return delayMillis;
    }

    /** What the server says is kept back, and lost with its connection. */
    public void holdAnswers() {
        holdsAnswers = true;
    }

    boolean holdsAnswers() {
        return holdsAnswers;
    }

    /** The server of every connection is told this, in between what its client says. */
    public void garble(Buffer bytes) {
        flows.forEach(flow -> flow.garble(bytes));
    }

    /** How many connections it carries, each counted at both ends. */
    public int connections() {
        return sockets.size();
    }

    private void join(NetSocket near) {
        if (condition == Condition.CUT) {
            near.close();
            return;
        }
        near.pause();
        sockets.add(near);
        client.connect(target, "127.0.0.1").onComplete(connected -> {
            if (connected.failed() || condition == Condition.CUT) {
                near.close();
                return;
            }
            NetSocket far = connected.result();
            sockets.add(far);
            carry(near, far, false);
            carry(far, near, true);
            near.resume();
        });
    }

    private void carry(NetSocket from, NetSocket to, boolean answers) {
        Flow flow = new Flow(vertx, this, to, answers);
        flows.add(flow);
        from.handler(bytes -> {
            if (condition != Condition.FROZEN) {
                flow.add(bytes);
            }
        });
        from.closeHandler(end -> {
            sockets.remove(from);
            flows.remove(flow);
            flow.end();
        });
    }
}
