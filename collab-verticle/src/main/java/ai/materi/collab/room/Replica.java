package ai.materi.collab.room;

import ai.materi.collab.log.LogRow;
import ai.materi.collab.log.LogSlice;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How far a room holds what the log has; what it misses is read. Tells those who follow, in the order of the log. */
final class Replica {
    private static final Logger LOG = LoggerFactory.getLogger(Replica.class);
    private static final int ROWS_A_REPAIR = 1_000;
    private static final int ROWS_A_TURN = 200;

    private final Room room;
    private final LiveDocument document;
    private final RoomParts parts;
    private final Sequence sequence;
    private final Followers followers = new Followers();
    private final List<Promise<Void>> repairs = new ArrayList<>();
    private boolean repairing;

    Replica(Room room, LiveDocument document, RoomParts parts, long reached) {
        this.room = room;
        this.document = document;
        this.parts = parts;
        this.sequence = new Sequence(reached);
    }

    long reached() {
        return sequence.reached();
    }

    boolean gap() {
        return sequence.gap();
    }

    void follow(Consumer<CommittedUpdate> follower) {
        followers.add(follower);
    }

    /** Whether it did. */
    boolean unfollow(Consumer<CommittedUpdate> follower) {
        return followers.remove(follower);
    }

    /** These, which the document has already, are in the log. */
    void committed(List<CommittedUpdate> updates) {
        long first = updates.get(0).seq();
        boolean inOrder = first == sequence.reached() + 1;
        sequence.add(first, updates.get(updates.size() - 1).seq());
        if (inOrder) {
            followers.tell(updates);
        }
    }

    /** The log has this, which the document may lack. Throws {@code MalformedUpdateException}. */
    void received(CommittedUpdate update) {
        if (update.seq() <= sequence.reached()) {
            return;
        }
        if (update.seq() > sequence.reached() + 1) {
            repair();
            return;
        }
        document.takeFromLog(update.update(), taken -> {
            if (taken.succeeded()) {
                sequence.add(update.seq(), update.seq());
                followers.tell(update);
            } else {
                LOG.warn("document {} was told what it cannot take in", room.documentId(), taken.cause());
                repair();
            }
        });
    }

    Future<Void> repair() {
        Promise<Void> promise = Promise.promise();
        repairs.add(promise);
        if (!repairing) {
            repairing = true;
            readOn();
        }
        return promise.future();
    }

    /** The room is closed: what it misses will not be read. */
    void close() {
        settle(Future.failedFuture(new RoomClosedException()));
    }

    private void readOn() {
        long from = sequence.reached();
        parts.tables()
                .after(room.documentId(), from, ROWS_A_REPAIR)
                .onComplete(read -> room.loop().run(() -> {
                    if (room.isClosed()) {
                        return;
                    }
                    if (read.failed()) {
                        LOG.warn(
                                "document {} is not repaired yet: {}",
                                room.documentId(),
                                String.valueOf(read.cause().getMessage()));
                        settle(Future.failedFuture(read.cause()));
                    } else if (read.result().isEmpty()) {
                        room.close(room.gone());
                    } else {
                        catchUp(from, read.result().get());
                    }
                }));
    }

    private void catchUp(long from, LogSlice slice) {
        if (slice.generation() != room.generation()) {
            room.close(Ending.TRY_LATER);
            return;
        }
        byte[] snapshot = slice.snapshot();
        if (snapshot == null) {
            catchUp(from, slice, slice.rows().iterator());
            return;
        }
        document.takeSnapshot(snapshot, unlessFailed(() -> {
            sequence.reach(slice.snapshotSeq());
            followers.tell(new CommittedUpdate(slice.snapshotSeq(), snapshot, null));
            catchUp(from, slice, slice.rows().iterator());
        }));
    }

    /** So many rows a turn, or up to one that is long. */
    private void catchUp(long from, LogSlice slice, Iterator<LogRow> rows) {
        if (room.isClosed()) {
            return;
        }
        for (int portion = 0; portion < ROWS_A_TURN && rows.hasNext() && !document.isAway(); portion++) {
            catchUp(rows.next());
        }
        if (rows.hasNext() || document.isAway()) {
            room.loop().post(() -> catchUp(from, slice, rows));
        } else if (slice.headSeq() > sequence.reached() && slice.reaches(from) > from) {
            readOn();
        } else {
            parts.meters().repaired();
            settle(Future.succeededFuture());
        }
    }

    private void catchUp(LogRow row) {
        if (row.seq() != sequence.reached() + 1) {
            return;
        }
        document.takeFromLog(row.update(), unlessFailed(() -> {
            sequence.reach(row.seq());
            followers.tell(new CommittedUpdate(row.seq(), row.update(), row.author()));
        }));
    }

    private Consumer<AsyncResult<Boolean>> unlessFailed(Runnable then) {
        return taken -> {
            if (taken.succeeded()) {
                then.run();
            } else {
                LOG.error(
                        "document {} leaves memory: what the log has cannot be taken in",
                        room.documentId(),
                        taken.cause());
                room.close(Ending.TRY_LATER);
            }
        };
    }

    private void settle(Future<Void> result) {
        repairing = false;
        List<Promise<Void>> waiting = List.copyOf(repairs);
        repairs.clear();
        waiting.forEach(promise -> promise.handle(result));
    }
}
