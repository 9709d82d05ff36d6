package ai.materi.collab.room;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The event loops that own rooms and sockets. */
public final class Loops {
    private final Vertx vertx;
    private final List<EventLoop> owners = new CopyOnWriteArrayList<>();
    private final List<LoopDelay> delays = new CopyOnWriteArrayList<>();
    private final ConcurrentHashMap<Thread, EventLoop> byThread = new ConcurrentHashMap<>();

    private Loops(Vertx vertx) {
        this.vertx = vertx;
    }

    /**
     * Lets event loops own rooms: those that the sockets are on, so that an edit of somebody on the owner's loop changes
     * threads on its way to nobody else there.
     */
    public static Future<Loops> start(Vertx vertx, List<Context> owners) {
        Loops loops = new Loops(vertx);
        return Future.all(owners.stream().map(loops::own).toList()).map(loops);
    }

    private Future<Void> own(Context context) {
        Promise<Void> known = Promise.promise();
        context.runOnContext(none -> {
            owners.add(current());
            known.complete();
        });
        return known.future();
    }

    /** Measures from now on how late they come to what is due. */
    public void measure(MeterRegistry meters) {
        owners.forEach(loop -> loop.post(() -> delays.add(new LoopDelay(vertx, meters))));
    }

    public void stop() {
        delays.forEach(LoopDelay::stop);
    }

    /** The loop that owns a document on this node. */
    public EventLoop ownerOf(UUID documentId) {
        return owners.get(Math.floorMod(documentId.hashCode(), owners.size()));
    }

    /** The loop of the calling event loop thread. */
    public EventLoop current() {
        return byThread.computeIfAbsent(
                Thread.currentThread(), thread -> new EventLoop(vertx.getOrCreateContext(), thread));
    }
}
