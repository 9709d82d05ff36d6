package ai.materi.collab.log;

import ai.materi.crdt.DeleteSet;
import ai.materi.crdt.Doc;
import ai.materi.crdt.Updates;
import ai.materi.platform.node.Workers;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folds the rows of long logs into their snapshots, one document at a time, in the background, and rests in between.
 *
 * <p>Merging is lazy first: structs are copied from update to update, no document is built. That never collects garbage,
 * so once the result is more than twice the size that the document itself last encoded to, the document is loaded and
 * encoded anew. Rows leave the log in the transaction that stores the snapshot containing them, after who wrote what has
 * moved to the attribution table, and only if nobody else has stored another snapshot meanwhile: any number of compactors
 * may work on one document, one wins. A document that cannot be read is left alone.
 *
 * <p>Of two structs with the same clocks a merge keeps the first, a document the first that it could place. They differ when
 * one came damaged and waits for what nobody has, and its client sent it again: keeping that one would take with it what
 * others have written beside the good one. Updates that overlap are therefore applied in their order.
 */
public final class Compactor {
    private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);
    private static final int ROWS_A_PASS = 5_000;
    private static final int WAITING = 10_000;
    private static final int SMALL = 16 * 1024;
    private static final long LONGEST_REST_MS = 1_000;

    private final Vertx vertx;
    private final Context context;
    private final LogTables tables;
    private final LogSettings settings;
    private final Workers.Pool workers;
    private final LogMeters meters;
    private final LogTails tails;
    private final Function<UUID, Future<Void>> beforeRowsGo;
    private final Set<UUID> waiting = new LinkedHashSet<>();
    private boolean busy;
    private boolean stopped;

    /**
     * Runs in the current context.
     *
     * @param beforeRowsGo is given each document before rows of its log are taken away
     */
    public Compactor(
            Vertx vertx,
            LogTables tables,
            LogSettings settings,
            Workers.Pool workers,
            LogMeters meters,
            LogTails tails,
            Function<UUID, Future<Void>> beforeRowsGo) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.tables = tables;
        this.settings = settings;
        this.workers = workers;
        this.meters = meters;
        this.tails = tails;
        this.beforeRowsGo = beforeRowsGo;
    }

    /** Called after every flush; on any thread. */
    public void grown(UUID documentId, long headSeq, long tailRows, long tailBytes) {
        if (tailRows >= settings.compactRows() || tailBytes >= settings.compactBytes()) {
            context.runOnContext(none -> request(documentId));
        }
    }

    /** Folds the log of one document now; whether a snapshot was stored. */
    public Future<Boolean> compact(UUID documentId) {
        return tables.after(documentId, -1, ROWS_A_PASS).compose(found -> {
            if (found.isEmpty() || found.get().rows().isEmpty()) {
                return Future.succeededFuture(false);
            }
            LogSlice slice = found.get();
            if (!slice.gapless(-1)) {
                return Future.failedFuture(new IllegalStateException("the log of " + documentId + " has a gap"));
            }
            return beforeRowsGo
                    .apply(documentId)
                    .compose(done -> tables.claims(documentId))
                    .compose(claims -> fold(documentId, slice, claims));
        });
    }

    /** Takes no more documents. */
    public void stop() {
        stopped = true;
    }

    private void request(UUID documentId) {
        if (!stopped && waiting.size() < WAITING) {
            waiting.add(documentId);
            next();
        }
    }

    private void next() {
        if (busy || waiting.isEmpty()) {
            return;
        }
        busy = true;
        UUID documentId = waiting.iterator().next();
        waiting.remove(documentId);
        long began = System.nanoTime();
        compact(documentId)
                .onFailure(failure -> LOG.warn("the log of document {} is not folded", documentId, failure))
                .onComplete(done -> vertx.setTimer(restMs(began), rested -> {
                    busy = false;
                    next();
                }));
    }

    /** As long as it worked: many logs may have grown at once, and edits are to be committed meanwhile. */
    private static long restMs(long began) {
        long worked = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        return Math.min(LONGEST_REST_MS, Math.max(1, worked));
    }

    private Future<Boolean> fold(UUID documentId, LogSlice slice, Map<Long, UUID> claims) {
        return workers.run(() -> folded(documentId, slice))
                .compose(compacted -> workers.run(() -> Attribution.of(slice.rows(), claims))
                        .compose(ranges -> tables.compact(compacted, ranges))
                        .onSuccess(stored -> {
                            if (stored) {
                                meters.compacted();
                                tails.folded(
                                        documentId,
                                        new LogTails.Tail(slice.rows().size(), compacted.bytes()));
                            }
                        }));
    }

    private static LogTables.Compacted folded(UUID documentId, LogSlice slice) {
        List<byte[]> updates = new ArrayList<>();
        if (slice.snapshot() != null) {
            updates.add(slice.snapshot());
        }
        long bytes = 0;
        for (LogRow row : slice.rows()) {
            updates.add(row.update());
            bytes += row.update().length;
        }
        long upTo = slice.reaches(-1);
        if (overlap(updates)) {
            byte[] applied = applied(updates);
            return new LogTables.Compacted(documentId, slice, applied, upTo, applied.length, bytes);
        }
        byte[] merged = Updates.merge(updates, Integer.MAX_VALUE);
        byte[] stored = merged.length > Math.max(SMALL, 2 * slice.canonicalBytes())
                ? Doc.of(merged).encodeState()
                : merged;
        long canonicalBytes = stored == merged ? slice.canonicalBytes() : stored.length;
        return new LogTables.Compacted(documentId, slice, stored, upTo, canonicalBytes, bytes);
    }

    /** Whether one brings clocks that one before it has brought, or gone past. */
    private static boolean overlap(List<byte[]> updates) {
        Map<Long, Integer> reached = new HashMap<>();
        for (byte[] update : updates) {
            for (var inserted :
                    Updates.meta(update, Integer.MAX_VALUE).inserted().entrySet()) {
                for (DeleteSet.Range range : inserted.getValue()) {
                    if (range.clock() < reached.getOrDefault(inserted.getKey(), 0)) {
                        return true;
                    }
                    reached.put(inserted.getKey(), range.end());
                }
            }
        }
        return false;
    }

    private static byte[] applied(List<byte[]> updates) {
        Doc doc = new Doc();
        updates.forEach(update -> doc.applyUpdate(update, null, Integer.MAX_VALUE));
        return doc.encodeState();
    }
}
