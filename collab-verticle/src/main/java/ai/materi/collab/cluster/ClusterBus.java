package ai.materi.collab.cluster;

import ai.materi.collab.room.CommittedUpdate;
import ai.materi.collab.room.PresenceState;
import ai.materi.collab.room.RoomBus;
import ai.materi.collab.room.Rooms;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The fast path between the rooms of several nodes, on the event bus. Each node has one address, and says what it commits,
 * and who is there, to each other node by itself, in messages with consecutive numbers. Heartbeats acknowledge, and say
 * what the last number was; a node that leaves too much unacknowledged is sent nothing for a while ({@link Outflow}).
 * Whoever misses a number ({@link Inflow}) compares its rooms with the log at once and asks who is there. No edit relies on
 * this: subscriptions are lost silently, so rooms compare themselves with the log anyway, and a node that hears nothing of
 * one it has met subscribes again.
 *
 * <p>All of it happens on one event loop of its own, except that what is said of a document is read on its room's.
 */
public final class ClusterBus implements RoomBus {
    private final Vertx vertx;
    private final Context context;
    private final ClusterSettings settings;
    private final BusMeters meters;
    private final Map<String, NodePeer> peers = new ConcurrentHashMap<>();
    private @Nullable Exchange exchange;

    public ClusterBus(Vertx vertx, ClusterSettings settings, BusMeters meters) {
        this.vertx = vertx;
        this.context = ((VertxInternal) vertx).createEventLoopContext();
        this.settings = settings;
        this.meters = meters;
        meters.watch(
                () -> peers.values().stream().filter(NodePeer::met).count(),
                () -> peers.values().stream()
                        .mapToLong(NodePeer::unacknowledged)
                        .sum());
    }

    /** Takes what other nodes say to the rooms of this one. */
    public Future<Void> listen(Rooms rooms) {
        if (!vertx.isClustered()) {
            return Future.succeededFuture();
        }
        return onLoop(() -> {
            Exchange begun = new Exchange(vertx, settings, meters, peers, rooms);
            exchange = begun;
            return begun.begin();
        });
    }

    public Future<Void> stop() {
        return onLoop(() -> {
            Exchange ending = exchange;
            exchange = null;
            return ending == null ? Future.succeededFuture() : ending.end();
        });
    }

    @Override
    public void publish(UUID documentId, int generation, long firstSeq, List<CommittedUpdate> updates) {
        if (!peers.isEmpty()) {
            tellAll(BusMessages.UPDATES, BusMessages.updates(documentId, generation, firstSeq, updates));
        }
    }

    @Override
    public void presence(UUID documentId, List<PresenceState> changes) {
        if (!peers.isEmpty()) {
            BusMessages.presence(documentId, changes).forEach(body -> tellAll(BusMessages.PRESENCE, body));
        }
    }

    @Override
    public void said(UUID documentId, byte[] words) {
        if (!peers.isEmpty()) {
            tellAll(BusMessages.WORDS, BusMessages.words(documentId, words));
        }
    }

    @Override
    public void opened(UUID documentId) {
        if (!peers.isEmpty()) {
            BusMessages.whoIsThere(List.of(documentId)).forEach(body -> tellAll(BusMessages.WHO_IS_THERE, body));
        }
    }

    private void tellAll(int type, byte[] body) {
        exchanging(running -> running.tellAll(type, body));
    }

    private void exchanging(Consumer<Exchange> work) {
        context.runOnContext(none -> {
            if (exchange != null) {
                work.accept(exchange);
            }
        });
    }

    private Future<Void> onLoop(Supplier<Future<Void>> work) {
        Promise<Void> done = Promise.promise();
        context.runOnContext(none -> work.get().onComplete(done));
        return done.future();
    }
}
