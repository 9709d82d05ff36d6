package ai.materi.platform.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.function.Consumer;

/** The Redis of this node, embedded or named by REDIS_URL: one client behind a circuit breaker, with a time limit a call. */
public final class RedisGate {
    /** Fails with {@code unavailable} at once when Redis is known to be away. A missing value is a null response. */
    public Future<Response> send(Request request) {
        throw new UnsupportedOperationException();
    }

    /** In one round trip; chunked so that the client's queue is never overrun. */
    public Future<List<Response>> batch(List<Request> requests) {
        throw new UnsupportedOperationException();
    }

    /** Resubscribes after every reconnection and calls {@code onGap} then, since messages may have been missed. */
    public Future<Void> subscribe(String channel, Consumer<String> message, Runnable onGap) {
        throw new UnsupportedOperationException();
    }

    public boolean available() {
        throw new UnsupportedOperationException();
    }
}
