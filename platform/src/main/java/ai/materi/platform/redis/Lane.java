package ai.materi.platform.redis;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection, made when it is first asked for and again after it has broken. Each has a client of its own, since only
 * closing the client closes the socket, and is made on a context that is nobody's call: it keeps that for its life.
 */
final class Lane {
    private record Link(Redis client, Promise<RedisConnection> connection) {}

    private final Context home;
    private final Supplier<Redis> clients;
    private final Runnable onBroken;
    private @Nullable Link link;
    /** Of the link that ended last: closing the client of one a second time would not wait for its socket. */
    private Future<Void> ending = Future.succeededFuture();

    private boolean closed;

    /** @param onBroken when a connection that was there has ended */
    Lane(Context home, Supplier<Redis> clients, Runnable onBroken) {
        this.home = home;
        this.clients = clients;
        this.onBroken = onBroken;
    }

    /** The connection; all who ask while it is being made wait for the same one. After {@link #close} there is none. */
    synchronized Future<RedisConnection> connection() {
        if (closed) {
            return Future.failedFuture(RedisFailure.away());
        }
        if (link == null) {
            Link fresh = new Link(clients.get(), Promise.promise());
            link = fresh;
            home.runOnContext(go -> connect(fresh));
        }
        return link.connection().future();
    }

    private void connect(Link fresh) {
        fresh.client().connect().onComplete(connected -> {
            if (connected.succeeded()) {
                RedisConnection connection = connected.result();
                connection.endHandler(end -> broken(fresh)).exceptionHandler(failure -> broken(fresh));
                fresh.connection().complete(connection);
            } else {
                drop(fresh);
                fresh.connection().fail(connected.cause());
            }
        });
    }

    private void broken(Link ended) {
        if (drop(ended)) {
            onBroken.run();
        }
    }

    /** Cuts what is there, e.g. because it no longer answers; who asks next connects anew. */
    void cut() {
        @Nullable Link present = present();
        if (present != null) {
            broken(present);
        }
    }

    /** Cuts what is there and connects no more, so that nothing of it outlives its event loop. */
    Future<Void> close() {
        synchronized (this) {
            closed = true;
        }
        cut();
        return ended();
    }

    private synchronized @Nullable Link present() {
        return link;
    }

    private synchronized Future<Void> ended() {
        return ending;
    }

    private synchronized boolean drop(Link ended) {
        if (!ended.equals(link)) {
            return false;
        }
        link = null;
        ending = ended.client().close();
        return true;
    }
}
