package ai.materi.collab.log;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Group commit: one bounded queue, from which a flush commits what has gathered, for all documents of this node at once. The
 * next begins when that is done, a few milliseconds later when there are many edits, or, when it takes long, beside it, with
 * documents that are in no flush: so a document's
 * updates keep their order, and one whose row somebody holds keeps only those waiting that are in its flush. Nobody is told of a commit before
 * PostgreSQL has confirmed it. A flush that fails for a passing reason is tried again for as long as it takes, and no other
 * begins before it is under way again, while the queue fills and then refuses; one that fails for good is taken apart by document, so that one
 * bad row costs nobody else their edits. A flush whose answer was lost may be committed twice: numbers stay gapless and Yjs
 * updates do not mind.
 *
 * <p>{@link #append}, {@link #accepts} and {@link #keepsUp} may be called on any thread; everything else happens in the context that made
 * the log.
 */
public final class UpdateLog {
    private static final Logger LOG = LoggerFactory.getLogger(UpdateLog.class);
    private static final long FIRST_RETRY_MS = 50;
    private static final long LAST_RETRY_MS = 2_000;
    private static final long NO_TIMER = -1;
    private static final long HALF_A_MILLI = 500_000;
    /** How far into the queue a flush looks for documents that are in no other, in batches. */
    private static final int BATCHES_SEEN = 4;
    /** A flush of so many shares what every flush costs among enough of them, and the next may gather for as long as it may at most. */
    private static final int WELL_SHARED = 32;

    private final Vertx vertx;
    private final Context context;
    private final LogTables tables;
    private final LogSettings settings;
    private final LogMeters meters;
    private final GrowthListener growth;
    private final ArrayDeque<LogEntry> queue = new ArrayDeque<>();
    private final List<Promise<Void>> drains = new ArrayList<>();
    private final List<Flush> underWay = new ArrayList<>();
    private int pendingEntries;
    private long pendingBytes;
    /** Whether somebody will look at the queue. */
    private boolean awake;
    /** When the oldest flush under way began; null while there is none. */
    private volatile @Nullable Long oldestFlush;

    private long lastFlush;
    private int lastEntries;
    private long timer = NO_TIMER;
    private int failing;

    /** Told after every flush what the log of a document holds behind its snapshot. */
    public interface GrowthListener {
        void grown(UUID documentId, long headSeq, long tailRows, long tailBytes);
    }

    /** What one statement commits. */
    private static final class Flush {
        final int lane;
        final long began = System.nanoTime();
        final Set<UUID> documents;
        List<LogEntry> entries;
        long retryMs = FIRST_RETRY_MS;

        Flush(int lane, List<LogEntry> entries) {
            this.lane = lane;
            this.entries = entries;
            this.documents = entries.stream().map(LogEntry::documentId).collect(Collectors.toSet());
        }
    }

    /** Runs in the current context. */
    public UpdateLog(Vertx vertx, LogTables tables, LogSettings settings, LogMeters meters, GrowthListener growth) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.tables = tables;
        this.settings = settings;
        this.meters = meters;
        this.growth = growth;
        meters.queue(this::pendingEntries, this::pendingBytes);
    }

    /** Whether the bounded queue has room for an update of this size; when not, the edit is to be refused before it is applied. */
    public synchronized boolean accepts(int bytes) {
        return pendingEntries < settings.queueEntries() && pendingBytes + bytes <= settings.queueBytes();
    }

    /** False while what is being committed has not been for longer than {@code overdue}, or the queue is half full. */
    public synchronized boolean keepsUp() {
        Long oldest = oldestFlush;
        boolean overdue = oldest != null
                && System.nanoTime() - oldest > settings.overdue().toNanos();
        return !overdue && pendingEntries <= settings.queueEntries() / 2 && pendingBytes <= settings.queueBytes() / 2;
    }

    /** Takes an update that was accepted. */
    public void append(LogEntry entry) {
        if (enqueue(entry)) {
            context.runOnContext(none -> look());
        }
    }

    /**
     * Appends one update past the queue, only if the log of the document still ends at {@code expectedSeq}; empty when it
     * does not. When it fails it is unknown whether the update was committed.
     */
    public Future<Optional<Long>> appendIf(
            UUID documentId, long expectedSeq, byte[] update, UUID author, @Nullable UUID via) {
        return tables.appendIf(documentId, expectedSeq, update, author, via)
                .timeout(settings.flushTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .onSuccess(done ->
                        done.ifPresent(one -> growth.grown(documentId, one.lastSeq(), one.tailRows(), one.tailBytes())))
                .map(done -> done.map(LogTables.Appended::lastSeq));
    }

    /** Completes when everything that was appended so far is committed. */
    public Future<Void> drained() {
        Promise<Void> promise = Promise.promise();
        context.runOnContext(none -> {
            drains.add(promise);
            settleDrains();
        });
        return promise.future();
    }

    private synchronized boolean enqueue(LogEntry entry) {
        queue.add(entry);
        pendingEntries++;
        pendingBytes += entry.update().length;
        boolean first = !awake;
        awake = true;
        return first;
    }

    /** Lets the next flush begin, or sees to it that somebody looks again when it may. */
    private void look() {
        if (failing > 0 || underWay.size() == LogTables.LANES) {
            return;
        }
        long pause = nearestMillis(gathersFor() - (System.nanoTime() - lastFlush));
        if (pause > 0) {
            lookIn(pause);
            return;
        }
        List<LogEntry> batch = batch();
        if (!batch.isEmpty()) {
            begin(new Flush(freeLane(), batch));
        }
        if (!underWay.isEmpty()) {
            lookIn(overlapMs());
        }
        settleDrains();
    }

    /**
     * From the beginning of the last flush to that of the next, nanoseconds: the longer the more the last one held, so that the
     * cost of a flush is shared when there are many edits, and a few wait for nobody.
     */
    private long gathersFor() {
        long gathering = settings.flushGather().toNanos() * Math.min(lastEntries, WELL_SHARED) / WELL_SHARED;
        return underWay.isEmpty()
                ? gathering
                : Math.max(gathering, settings.flushOverlap().toNanos());
    }

    private static long nearestMillis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos + HALF_A_MILLI);
    }

    /** The first one that no flush is in. */
    private int freeLane() {
        return IntStream.range(0, LogTables.LANES)
                .filter(lane -> underWay.stream().noneMatch(flush -> flush.lane == lane))
                .findFirst()
                .orElseThrow();
    }

    private long overlapMs() {
        return Math.max(1, settings.flushOverlap().toMillis());
    }

    private void lookIn(long millis) {
        vertx.cancelTimer(timer);
        timer = vertx.setTimer(millis, fired -> look());
    }

    private void begin(Flush flush) {
        lastFlush = flush.began;
        lastEntries = flush.entries.size();
        underWay.add(flush);
        oldestFlush = underWay.get(0).began;
        carryOut(flush);
    }

    private void carryOut(Flush flush) {
        commit(flush, flush.entries).onComplete(done -> {
            if (done.succeeded()) {
                end(flush);
            } else {
                retry(flush, done.cause());
            }
        });
    }

    private void end(Flush flush) {
        underWay.remove(flush);
        oldestFlush = underWay.isEmpty() ? null : (Long) underWay.get(0).began;
        look();
    }

    /** Fails, with the entries of the flush being what is left of it, when that is to be tried again. */
    private Future<Void> commit(Flush flush, List<LogEntry> batch) {
        return timed(flush.lane, batch)
                .map(appended -> {
                    settle(flush, batch, appended);
                    return (Void) null;
                })
                .recover(failure ->
                        SqlFailures.passing(failure) ? Future.failedFuture(failure) : isolate(flush, batch, failure));
    }

    private Future<Map<UUID, LogTables.Appended>> timed(int lane, List<LogEntry> batch) {
        long start = System.nanoTime();
        return tables.append(lane, batch)
                .timeout(settings.flushTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .onSuccess(done -> meters.flushed(batch.size(), System.nanoTime() - start))
                .onFailure(failure -> meters.failed());
    }

    /** Commits document by document, so that only those that cannot be committed are lost. */
    private Future<Void> isolate(Flush flush, List<LogEntry> batch, Throwable cause) {
        Map<UUID, List<LogEntry>> documents = batch.stream()
                .collect(Collectors.groupingBy(LogEntry::documentId, LinkedHashMap::new, Collectors.toList()));
        if (documents.size() == 1) {
            LOG.error("the log refuses updates of document {}", batch.get(0).documentId(), cause);
            lose(flush, batch, cause);
            return Future.succeededFuture();
        }
        Future<Void> all = Future.succeededFuture();
        for (List<LogEntry> one : documents.values()) {
            all = all.compose(done -> commit(flush, one));
        }
        return all;
    }

    private void retry(Flush flush, Throwable cause) {
        long pause = flush.retryMs / 2 + ThreadLocalRandom.current().nextLong(flush.retryMs);
        LOG.warn("a flush failed and is tried again in {} ms: {}", pause, String.valueOf(cause.getMessage()));
        flush.retryMs = Math.min(LAST_RETRY_MS, flush.retryMs * 2);
        failing++;
        vertx.setTimer(pause, again -> {
            failing--;
            carryOut(flush);
            lookIn(overlapMs());
        });
    }

    /** The oldest entries of documents that are in no flush; none when somebody has to look again. */
    private synchronized List<LogEntry> batch() {
        List<LogEntry> batch = new ArrayList<>(Math.min(queue.size(), settings.batchEntries()));
        List<LogEntry> passed = new ArrayList<>();
        long bytes = 0;
        while (!queue.isEmpty()
                && batch.size() < settings.batchEntries()
                && passed.size() < BATCHES_SEEN * settings.batchEntries()) {
            LogEntry next = queue.element();
            if (isUnderWay(next.documentId())) {
                passed.add(queue.remove());
                continue;
            }
            bytes += next.update().length;
            if (bytes > settings.batchBytes() && !batch.isEmpty()) {
                break;
            }
            batch.add(queue.remove());
        }
        for (int i = passed.size() - 1; i >= 0; i--) {
            queue.addFirst(passed.get(i));
        }
        awake = !batch.isEmpty() || !underWay.isEmpty();
        return batch;
    }

    private boolean isUnderWay(UUID documentId) {
        for (Flush flush : underWay) {
            if (flush.documents.contains(documentId)) {
                return true;
            }
        }
        return false;
    }

    private void settle(Flush flush, List<LogEntry> batch, Map<UUID, LogTables.Appended> appended) {
        release(flush, batch);
        for (Run run : Run.of(batch)) {
            LogTables.Appended done = appended.get(run.documentId());
            if (done == null) {
                run.appender().lost(run.count(), new DocumentGoneException(run.documentId()));
            } else {
                run.appender().committed(done.firstSeq() + run.place(), run.count());
            }
        }
        appended.forEach((document, done) -> growth.grown(document, done.lastSeq(), done.tailRows(), done.tailBytes()));
    }

    private void lose(Flush flush, List<LogEntry> batch, Throwable cause) {
        release(flush, batch);
        meters.lost(batch.size());
        Run.of(batch).forEach(run -> run.appender().lost(run.count(), cause));
    }

    private void release(Flush flush, List<LogEntry> batch) {
        Set<LogEntry> settled = Collections.newSetFromMap(new IdentityHashMap<>());
        settled.addAll(batch);
        flush.entries =
                flush.entries.stream().filter(entry -> !settled.contains(entry)).toList();
        synchronized (this) {
            pendingEntries -= batch.size();
            batch.forEach(entry -> pendingBytes -= entry.update().length);
        }
    }

    private void settleDrains() {
        if (pendingEntries() == 0) {
            drains.forEach(Promise::tryComplete);
            drains.clear();
        }
    }

    private synchronized int pendingEntries() {
        return pendingEntries;
    }

    private synchronized long pendingBytes() {
        return pendingBytes;
    }
}
