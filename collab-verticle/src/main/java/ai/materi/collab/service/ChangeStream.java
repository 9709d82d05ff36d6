package ai.materi.collab.service;

import ai.materi.collab.frame.SharedFrame;
import ai.materi.collab.frame.SharedState;
import ai.materi.collab.log.LogRow;
import ai.materi.collab.log.LogSlice;
import ai.materi.collab.log.LogTables;
import ai.materi.collab.room.CommittedUpdate;
import ai.materi.collab.room.Ending;
import ai.materi.collab.room.Loop;
import ai.materi.collab.room.Room;
import ai.materi.collab.room.Seat;
import ai.materi.collab.stream.SeatedStream;
import ai.materi.platform.call.CallContext;
import ai.materi.platform.call.Principal;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.collab.v1.Change;
import com.google.protobuf.UnsafeByteOperations;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Committed changes of one document, first from the log and then as they come, in order and without a gap. What the room
 * tells is taken when it follows on what was sent; anything else is read from the log. What waits for a slow reader is
 * bounded: over the bound it is dropped and read again later. The subscriber has a seat in the room, so that it is cut off
 * like everybody else when it may no longer read. Touched on its loop only.
 */
final class ChangeStream extends SeatedStream<Change> {
    private static final int ROWS_A_READ = 200;

    private final LogTables tables;
    private final Principal principal;
    private final @Nullable String token;
    private final int maxBytes;
    private final ArrayDeque<CommittedUpdate> waiting = new ArrayDeque<>();
    private final Consumer<CommittedUpdate> follower = this::told;
    private @Nullable Room room;
    private @Nullable Seat seat;
    private long waitingBytes;
    private long reached;
    private long told;
    private long sent;
    private boolean behind = true;
    private boolean reading;

    ChangeStream(Loop loop, LogTables tables, CallContext reader, int maxBytes, long afterSeq) {
        super(loop);
        this.tables = tables;
        this.principal = reader.requirePrincipal();
        this.token = reader.token();
        this.maxBytes = maxBytes;
        this.reached = afterSeq;
        this.sent = afterSeq;
    }

    /** On the room's loop. */
    ChangeStream attach(Room to) {
        Seat taken = to.join(this, false);
        to.follow(follower);
        loop().run(() -> {
            room = to;
            seat = taken;
            if (isOver()) {
                leave();
            }
            flow();
        });
        return this;
    }

    private void told(CommittedUpdate update) {
        loop().run(() -> {
            take(update);
            flow();
        });
    }

    private void take(CommittedUpdate update) {
        told = Math.max(told, update.seq());
        if (isOver() || behind || update.seq() <= reached) {
            return;
        }
        if (update.seq() > reached + 1 || waitingBytes + update.update().length > maxBytes) {
            behind = true;
            return;
        }
        add(update);
    }

    private void add(CommittedUpdate update) {
        reached = update.seq();
        waitingBytes += update.update().length;
        waiting.add(update);
    }

    @Override
    protected @Nullable Change next() {
        CommittedUpdate update = waiting.poll();
        if (update == null) {
            return null;
        }
        waitingBytes -= update.update().length;
        sent = update.seq();
        return change(update);
    }

    @Override
    protected void flowed() {
        if (behind && waiting.isEmpty() && !reading && room != null) {
            read(room);
        }
    }

    private void read(Room from) {
        reading = true;
        tables.after(from.documentId(), sent, ROWS_A_READ)
                .onComplete(read -> loop().run(() -> {
                    reading = false;
                    if (read.failed()) {
                        fail(read.cause());
                    } else {
                        caughtUp(read.result());
                        flow();
                    }
                }));
    }

    private void caughtUp(Optional<LogSlice> found) {
        if (found.isEmpty() && sent == 0 && told == 0) {
            // A sub-document in which nobody has written is in no log.
            reached = 0;
            behind = false;
            return;
        }
        LogSlice slice = found.orElseThrow(() -> Problem.of(ProblemCode.NOT_FOUND, "There is no such document."));
        reached = sent;
        byte[] snapshot = slice.snapshot();
        if (snapshot != null) {
            add(new CommittedUpdate(slice.snapshotSeq(), snapshot, null));
        }
        for (LogRow row : slice.rows()) {
            add(new CommittedUpdate(row.seq(), row.update(), row.author()));
        }
        behind = Math.max(slice.headSeq(), told) > reached;
    }

    private static Change change(CommittedUpdate update) {
        return Change.newBuilder()
                .setSequence(update.seq())
                .setUpdate(UnsafeByteOperations.unsafeWrap(update.update()))
                .setUserId(update.author() == null ? "" : update.author().toString())
                .build();
    }

    @Override
    protected void left() {
        waiting.clear();
        leave();
    }

    private void leave() {
        Room left = room;
        Seat freed = seat;
        if (left != null && freed != null) {
            left.loop().post(() -> {
                left.unfollow(follower);
                left.leave(freed);
            });
        }
    }

    // --- as the room sees it ---

    @Override
    public void deliver(SharedFrame frame) {
        // What is not committed yet is not for subscribers.
    }

    @Override
    public void deliver(SharedState state) {
        // It does not ask the room for it.
    }

    @Override
    public void scope(boolean writes) {
        // It only ever reads.
    }

    @Override
    public void end(Ending ending) {
        fail(
                switch (ending) {
                    case SESSION_ENDED -> Problem.of(ProblemCode.SESSION_ENDED, "The session has ended.");
                    case NO_ACCESS, NO_DOCUMENT -> Problem.of(ProblemCode.NOT_FOUND, "There is no such document.");
                    case GOING_AWAY -> Problem.of(ProblemCode.DRAINING, "This node is shutting down.");
                    default -> Problem.of(ProblemCode.UNAVAILABLE, "Subscribe again after the last sequence number.");
                });
    }

    @Override
    public Principal principal() {
        return principal;
    }

    @Override
    public @Nullable String token() {
        return token;
    }
}
