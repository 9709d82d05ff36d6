package ai.materi.gateway.sse;

import ai.materi.gateway.http.Reply;
import ai.materi.platform.node.Drain;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The streams of events that this node is sending, so that a drain can send their clients elsewhere. */
public final class OpenStreams {
    private final Vertx vertx;
    private final Map<EventStream<?>, Context> streams = new ConcurrentHashMap<>();

    public OpenStreams(Vertx vertx, Drain drain) {
        this.vertx = vertx;
        drain.register(Drain.Phase.DISMISS, "event streams", this::dismiss);
    }

    /** An answer that tells what a source tells. */
    public <T> Reply reply(EventStream.Source<T> source) {
        return EventStream.reply(response -> run(new EventStream<>(vertx, response, source)), source);
    }

    private void run(EventStream<?> stream) {
        streams.put(stream, Vertx.currentContext());
        stream.run().onComplete(closed -> streams.remove(stream));
    }

    private Future<Void> dismiss() {
        streams.forEach((stream, context) -> context.runOnContext(run -> stream.dismiss()));
        return Future.succeededFuture();
    }
}
