package ai.materi.collab.room;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
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

    /** Takes hold of as many event loops as there are processors; Vert.x deals them out in turn. */
    public static Future<Loops> start(Vertx vertx) {
        Loops loops = new Loops(vertx);
        List<Future<Void>> known = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            known.add(loops.own(((VertxInternal) vertx).createEventLoopContext()));
        }
        return Future.all(known).map(loops);
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
