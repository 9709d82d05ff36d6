package ai.materi.collab.room;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The event loops that own rooms and sockets. */
public final class Loops {
    private final Vertx vertx;
    private final List<Loop> owners = new CopyOnWriteArrayList<>();
    private final ConcurrentHashMap<Thread, Loop> byThread = new ConcurrentHashMap<>();

    private Loops(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Takes hold of as many event loops as there are processors; Vert.x deals them out in turn. */
    public static Future<Loops> start(Vertx vertx) {
        Loops loops = new Loops(vertx);
        int count = Math.max(1, Runtime.getRuntime().availableProcessors());
        return vertx.deployVerticle(() -> loops.new Owner(), new DeploymentOptions().setInstances(count))
                .map(loops);
    }

    /** The loop that owns a document on this node. */
    public Loop ownerOf(UUID documentId) {
        return owners.get(Math.floorMod(documentId.hashCode(), owners.size()));
    }

    /** The loop of the calling event loop thread. */
    public Loop current() {
        return byThread.computeIfAbsent(Thread.currentThread(), thread -> new Loop(vertx.getOrCreateContext(), thread));
    }

    public List<Loop> all() {
        return List.copyOf(byThread.values());
    }

    /** Keeps a context of one event loop; the loop is shared with everybody else on the node. */
    private final class Owner extends VerticleBase {
        @Override
        public Future<?> start() {
            Promise<Void> known = Promise.promise();
            context.runOnContext(none -> {
                Loop loop = current();
                if (!owners.contains(loop)) {
                    owners.add(loop);
                }
                known.complete();
            });
            return known.future();
        }
    }
}
