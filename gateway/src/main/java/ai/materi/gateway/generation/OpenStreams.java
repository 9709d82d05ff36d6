package ai.materi.gateway.generation;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The streams of events that this node is sending, so that a drain can send their clients elsewhere. */
final class OpenStreams {
    private final Map<EventStream, Context> streams = new ConcurrentHashMap<>();

    void run(EventStream stream) {
        streams.put(stream, Vertx.currentContext());
        stream.run().onComplete(closed -> streams.remove(stream));
    }

    Future<Void> dismiss() {
        streams.forEach((stream, context) -> context.runOnContext(run -> stream.dismiss()));
        return Future.succeededFuture();
    }
}
