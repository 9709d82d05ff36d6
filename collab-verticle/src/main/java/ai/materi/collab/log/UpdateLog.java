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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Group commit: one bounded queue in front of one flusher, which commits what has gathered, for all documents of this node
 * at once, and begins again when that is done. Nobody is told of a commit before PostgreSQL has confirmed it. A flush that
 * fails for a passing reason is tried again, oldest first, for as long as it takes, while the queue fills and then
 * refuses; one that fails for good is taken apart by document, so that one bad row costs nobody else their edits. A flush
 * whose answer was lost may be committed twice: numbers stay gapless and Yjs updates do not mind.
 *
 * <p>{@link #append}, {@link #accepts} and {@link #keepsUp} may be called on any thread; everything else happens in the context that made
 * the log.
 */
public final class UpdateLog {
    private static final Logger LOG = LoggerFactory.getLogger(UpdateLog.class);
    private static final long FIRST_RETRY_MS = 50;
    private static final long LAST_RETRY_MS = 2_000;

    private final Vertx vertx;
    private final Context context;
    private final LogTables tables;
    private final LogSettings settings;
    private final LogMeters meters;
    private final GrowthListener growth;
    private final ArrayDeque<LogEntry> queue = new ArrayDeque<>();
    private final List<Promise<Void>> drains = new ArrayList<>();
    private List<LogEntry> inFlight = List.of();
    private int pendingEntries;
    private long pendingBytes;
    private boolean flushing;
    private long flushingSince;
    private long lastFlush;
    private long retryMs = FIRST_RETRY_MS;

    /** Told after every flush what the log of a document holds behind its snapshot. */
    public interface GrowthListener {
        void grown(UUID documentId, long headSeq, long tailRows, long tailBytes);
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
        boolean overdue = flushing
                && System.nanoTime() - flushingSince > settings.overdue().toNanos();
        return !overdue && pendingEntries <= settings.queueEntries() / 2 && pendingBytes <= settings.queueBytes() / 2;
    }

    /** Takes an update that was accepted. */
    public void append(LogEntry entry) {
        if (enqueue(entry)) {
            context.runOnContext(none -> flushSoon());
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
        if (flushing) {
            return false;
        }
        flushing = true;
        flushingSince = System.nanoTime();
        return true;
    }

    private void flushSoon() {
        long pause = settings.flushInterval().toNanos() - (System.nanoTime() - lastFlush);
        long millis = TimeUnit.NANOSECONDS.toMillis(pause);
        if (millis > 0) {
            vertx.setTimer(millis, timer -> flush());
        } else {
            flush();
        }
    }

    private void flush() {
        if (inFlight.isEmpty()) {
            inFlight = batch();
        }
        if (inFlight.isEmpty()) {
            settleDrains();
            return;
        }
        lastFlush = System.nanoTime();
        commit(inFlight).onComplete(done -> {
            if (done.succeeded()) {
                retryMs = FIRST_RETRY_MS;
                flushSoon();
            } else {
                retry(done.cause());
            }
        });
    }

    /** Fails, with {@code inFlight} holding what is left, when that is to be tried again. */
    private Future<Void> commit(List<LogEntry> batch) {
        return timed(batch)
                .map(appended -> {
                    settle(batch, appended);
                    return (Void) null;
                })
                .recover(failure ->
                        SqlFailures.passing(failure) ? Future.failedFuture(failure) : isolate(batch, failure));
    }

    private Future<Map<UUID, LogTables.Appended>> timed(List<LogEntry> batch) {
        long start = System.nanoTime();
        return tables.append(batch)
                .timeout(settings.flushTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .onSuccess(done -> meters.flushed(batch.size(), System.nanoTime() - start))
                .onFailure(failure -> meters.failed());
    }

    /** Commits document by document, so that only those that cannot be committed are lost. */
    private Future<Void> isolate(List<LogEntry> batch, Throwable cause) {
        Map<UUID, List<LogEntry>> documents = batch.stream()
                .collect(Collectors.groupingBy(LogEntry::documentId, LinkedHashMap::new, Collectors.toList()));
        if (documents.size() == 1) {
            LOG.error("the log refuses updates of document {}", batch.get(0).documentId(), cause);
            lose(batch, cause);
            return Future.succeededFuture();
        }
        Future<Void> all = Future.succeededFuture();
        for (List<LogEntry> one : documents.values()) {
            all = all.compose(done -> commit(one));
        }
        return all;
    }

    private void retry(Throwable cause) {
        long pause = retryMs / 2 + ThreadLocalRandom.current().nextLong(retryMs);
        LOG.warn("a flush failed and is tried again in {} ms: {}", pause, String.valueOf(cause.getMessage()));
        retryMs = Math.min(LAST_RETRY_MS, retryMs * 2);
        vertx.setTimer(pause, timer -> flush());
    }

    private synchronized List<LogEntry> batch() {
        List<LogEntry> batch = new ArrayList<>(Math.min(queue.size(), settings.batchEntries()));
        long bytes = 0;
        while (!queue.isEmpty() && batch.size() < settings.batchEntries()) {
            bytes += queue.element().update().length;
            if (bytes > settings.batchBytes() && !batch.isEmpty()) {
                break;
            }
            batch.add(queue.remove());
        }
        flushing = !batch.isEmpty();
        flushingSince = System.nanoTime();
        return batch;
    }

    private void settle(List<LogEntry> batch, Map<UUID, LogTables.Appended> appended) {
        release(batch);
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

    private void lose(List<LogEntry> batch, Throwable cause) {
        release(batch);
        meters.lost(batch.size());
        Run.of(batch).forEach(run -> run.appender().lost(run.count(), cause));
    }

    private void release(List<LogEntry> batch) {
        Set<LogEntry> settled = Collections.newSetFromMap(new IdentityHashMap<>());
        settled.addAll(batch);
        inFlight = inFlight.stream().filter(entry -> !settled.contains(entry)).toList();
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
