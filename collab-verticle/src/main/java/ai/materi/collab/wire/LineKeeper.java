package ai.materi.collab.wire;

import ai.materi.collab.room.Ending;
import ai.materi.collab.room.Loop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** All open sockets of this node, by their loop: counts them, wakes them regularly and sends them away in the end. */
final class LineKeeper {
    private static final long TICK_MS = 1_000;
    private static final long LOOK_MS = 20;
    private static final long LAST_CALL_MS = 1_500;

    private final Vertx vertx;
    private final Map<Loop, Set<Line>> lines = new ConcurrentHashMap<>();
    private final Map<Loop, Departures> departures = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong unsent = new AtomicLong();
    private volatile boolean dismissing;
    private long timer;

    LineKeeper(Vertx vertx) {
        this.vertx = vertx;
    }

    void start() {
        timer = vertx.setPeriodic(
                TICK_MS,
                tick -> lines.forEach((loop, own) -> loop.run(() -> {
                    long now = System.currentTimeMillis();
                    List.copyOf(own).forEach(line -> line.tick(now));
                })));
    }

    void stop() {
        vertx.cancelTimer(timer);
    }

    int count() {
        return count.get();
    }

    /** Bytes that wait for readers, as each line last told. */
    long unsent() {
        return unsent.get();
    }

    /** May be called on any thread. */
    void unsent(long more) {
        unsent.addAndGet(more);
    }

    /** Of the sockets of a loop. */
    Departures departures(Loop loop) {
        return departures.computeIfAbsent(loop, one -> new Departures(vertx, one));
    }

    boolean isDismissing() {
        return dismissing;
    }

    /** On the line's loop. */
    void add(Line line) {
        if (lines.computeIfAbsent(line.loop(), loop -> new HashSet<>()).add(line)) {
            count.incrementAndGet();
        }
    }

    /** On the line's loop. */
    void remove(Line line) {
        Set<Line> own = lines.get(line.loop());
        if (own != null && own.remove(line)) {
            count.decrementAndGet();
        }
    }

    /** Sends everybody elsewhere, spread over some time so that they do not all arrive there at once. */
    Future<Void> dismiss(long withinMs) {
        dismissing = true;
        lines.forEach((loop, own) -> loop.run(() -> List.copyOf(own).forEach(line -> dismiss(line, withinMs))));
        Promise<Void> done = Promise.promise();
        awaitClosed(done, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(withinMs + LAST_CALL_MS));
        return done.future();
    }

    private void awaitClosed(Promise<Void> done, long deadline) {
        if (connections.get() == 0 || System.nanoTime() - deadline > 0) {
            done.complete();
        } else {
            vertx.setTimer(LOOK_MS, look -> awaitClosed(done, deadline));
        }
    }

    /** A connection is there, whatever comes of it. */
    void opened() {
        connections.incrementAndGet();
    }

    /** A connection is gone. */
    void closed() {
        connections.decrementAndGet();
    }

    private void dismiss(Line line, long withinMs) {
        long wait = ThreadLocalRandom.current().nextLong(1, withinMs + 1);
        vertx.setTimer(wait, timeout -> line.loop().run(() -> line.end(Ending.GOING_AWAY)));
    }
}
