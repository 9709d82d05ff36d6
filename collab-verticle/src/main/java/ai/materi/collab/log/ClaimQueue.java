package ai.materi.collab.log;

import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes claims of client ids in batches. They are few (one a client and document) and nothing waits for them; when the
 * database is away the oldest are kept up to a bound, and what is dropped is claimed again by the next socket.
 */
public final class ClaimQueue {
    private static final Logger LOG = LoggerFactory.getLogger(ClaimQueue.class);
    private static final int KEPT = 20_000;
    private static final int BATCH = 1_000;
    private static final long PAUSE_MS = 200;

    private final Vertx vertx;
    private final LogTables tables;
    private final Queue<Claim> waiting = new ArrayDeque<>();
    private boolean scheduled;

    public ClaimQueue(Vertx vertx, LogTables tables) {
        this.vertx = vertx;
        this.tables = tables;
    }

    /** On any thread. */
    public synchronized void add(Claim claim) {
        if (waiting.size() >= KEPT) {
            LOG.warn("a claim of a client id is not written down: too many wait");
            return;
        }
        waiting.add(claim);
        schedule();
    }

    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            vertx.setTimer(PAUSE_MS, timer -> write());
        }
    }

    private void write() {
        List<Claim> batch = batch();
        tables.claim(batch)
                .onFailure(failure -> {
                    LOG.warn("claims are not written yet: {}", String.valueOf(failure.getMessage()));
                    batch.forEach(this::add);
                })
                .onComplete(done -> again());
    }

    private synchronized List<Claim> batch() {
        List<Claim> batch = new ArrayList<>();
        while (!waiting.isEmpty() && batch.size() < BATCH) {
            batch.add(waiting.remove());
        }
        return batch;
    }

    private synchronized void again() {
        scheduled = false;
        if (!waiting.isEmpty()) {
            schedule();
        }
    }
}
