package ai.materi.collab.room;

import ai.materi.collab.log.Appender;
import ai.materi.collab.log.LogEntry;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.platform.telemetry.TraceSpan;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** What a room gave to the log, until it is committed, and who waits for that. */
final class Commits {
    private final UUID documentId;
    private final Appender appender;
    private final RoomParts parts;
    private final AckQueue acks = new AckQueue();
    private final ArrayDeque<Appended> appending = new ArrayDeque<>();
    private long appended;
    private long committed;
    private long lastSeq;

    /** An update between the log's queue and its commit. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Appended(byte[] update, Origin origin, TraceSpan committing) {}

    /** @param appender hears of commits */
    Commits(UUID documentId, Appender appender, RoomParts parts) {
        this.documentId = documentId;
        this.appender = appender;
        this.parts = parts;
    }

    void append(byte[] update, Origin origin) {
        appended++;
        appending.add(new Appended(update, origin, origin.trace().part("commit")));
        parts.log().append(new LogEntry(documentId, update, origin.author(), origin.via(), appender));
    }

    /** How many updates wait for their commit. */
    long waiting() {
        return appended - committed;
    }

    /** How long the oldest of them has waited; 0 when none does. */
    long lagMs(long now) {
        Appended oldest = appending.peek();
        return oldest == null
                ? 0
                : TimeUnit.NANOSECONDS.toMillis(now - oldest.origin().arrivedAt());
    }

    /** The oldest of them got these numbers, which rise from one call to the next. */
    List<CommittedUpdate> numbered(long firstSeq, int count) {
        if (firstSeq <= lastSeq) {
            throw new IllegalStateException("commits are told of out of their order");
        }
        List<CommittedUpdate> updates = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Appended entry = appending.remove();
            entry.committing().end();
            parts.meters().committed(System.nanoTime() - entry.origin().arrivedAt());
            updates.add(new CommittedUpdate(
                    firstSeq + i, entry.update(), entry.origin().author()));
        }
        committed += count;
        lastSeq = firstSeq + count - 1;
        return updates;
    }

    /** What waited for what {@link #numbered} was told of happens now. */
    void acknowledge() {
        acks.committed(committed, lastSeq);
    }

    /**
     * Once everything appended so far is committed; with the sequence number of the last of it, or {@code reached} when
     * nothing waits.
     */
    void await(long reached, LongConsumer action, Runnable dropped) {
        if (committed >= appended) {
            action.accept(reached);
        } else {
            acks.add(appended, action, dropped);
        }
    }

    Future<Long> awaited(long reached) {
        Promise<Long> promise = Promise.promise();
        await(
                reached,
                promise::complete,
                () -> promise.fail(Problem.of(
                        ProblemCode.UNAVAILABLE,
                        "Whether the edit was saved is unknown: the document was closed meanwhile.")));
        return promise.future();
    }

    /** Nobody will ever know. */
    void drop() {
        acks.drop();
    }
}
