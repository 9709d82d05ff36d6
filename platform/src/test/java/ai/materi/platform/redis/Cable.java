package ai.materi.platform.redis;

import ai.materi.platform.node.Await;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A TCP line to a server that can be cut, frozen and mended. */
final class Cable {
    private final Vertx vertx;
    private final int target;
    private final NetClient client;
    private final Set<NetSocket> sockets = ConcurrentHashMap.newKeySet();
    private @Nullable NetServer server;
    private int port;
    private volatile boolean frozen;

    Cable(Vertx vertx, int target) {
        this.vertx = vertx;
        this.target = target;
        this.client = vertx.createNetClient();
    }

    /** Listens on the same port as before. */
    void mend() {
        frozen = false;
        server = vertx.createNetServer().connectHandler(this::join);
        port = Await.result(server.listen(port, "127.0.0.1")).actualPort();
    }

    int port() {
        return port;
    }

    void cut() {
        sockets.forEach(NetSocket::close);
        if (server != null) {
            Await.result(server.close());
        }
    }

    /** Bytes are taken, and go nowhere. */
    void freeze() {
        frozen = true;
    }

    private void join(NetSocket near) {
        near.pause();
        sockets.add(near);
        client.connect(target, "127.0.0.1").onComplete(connected -> {
            if (connected.failed()) {
                near.close();
                return;
            }
            NetSocket far = connected.result();
            sockets.add(far);
            carry(near, far);
            carry(far, near);
            near.resume();
        });
    }

    private void carry(NetSocket from, NetSocket to) {
        from.handler(bytes -> {
            if (!frozen) {
                to.write(bytes);
            }
        });
        from.closeHandler(end -> {
            sockets.remove(from);
            to.close();
        });
    }
}
