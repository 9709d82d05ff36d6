package ai.materi.collab.room;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The event loops that own rooms and sockets. */
public final class Loops {
    /** A loop owns what it opens unless it has more than twice as many documents as the least of them, and this. */
    private static final int LEAD = 16;

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

    /**
     * The loop that is to own a document on this node until {@link EventLoop#release}: the one that opens it, so that whoever is alone
     * in a document changes threads on no way, unless it owns far more documents than another. So a socket with many documents
     * does not keep them all on its loop.
     */
    public EventLoop assign() {
        EventLoop least =
                owners.stream().min(Comparator.comparingInt(EventLoop::owned)).orElseThrow();
        EventLoop here = byThread.get(Thread.currentThread());
        EventLoop owner =
                here == null || !owners.contains(here) || here.owned() > 2 * least.owned() + LEAD ? least : here;
        owner.assigned();
        return owner;
    }

    /** The loop of the calling event loop thread. */
    public EventLoop current() {
        return byThread.computeIfAbsent(
                Thread.currentThread(), thread -> new EventLoop(vertx.getOrCreateContext(), thread));
    }
}
