package ai.materi.collab.stream;

import ai.materi.collab.access.Endings;
import ai.materi.collab.access.Gate;
import ai.materi.collab.access.Standing;
import ai.materi.collab.frame.FrameReader;
import ai.materi.collab.frame.Messages;
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
import ai.materi.platform.call.Principal;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.platform.telemetry.TraceSpan;
import ai.materi.proto.collab.v1.SyncOpen;
import ai.materi.proto.collab.v1.SyncOpened;
import ai.materi.proto.collab.v1.SyncReply;
import ai.materi.proto.collab.v1.SyncRequest;
import ai.materi.proto.collab.v1.SyncSaved;
import ai.materi.proto.collab.v1.SyncUpdate;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One caller who has a document open without a socket. It sits in the room as a socket does, so that it is told, bounded and
 * cut off like everybody else; besides it hears how far the log is committed, so that it can come back and be sent only what
 * came after. A caller who reads too slowly is cut off. Touched on its loop only.
 */
final class SyncStream extends SeatedStream<SyncReply> {
    private static final int ROWS_A_READ = 200;
    private static final byte[] NOTHING_KNOWN = {0};
    /** Connections on which nothing happens are closed. */
    private static final long QUIET_MS = 60_000;

    private final String id;
    private final Parts parts;
    private final Incoming incoming;
    private final Outgoing outgoing;
    private final long since = System.currentTimeMillis();
    private volatile Standing standing;
    private @Nullable Place place;
    private long toldAt = since;
    private long committed;
    private long unanswered;
    private boolean synced;
    private boolean marking;
    private boolean catchingUp;
    private boolean checking;
    private boolean finishing;

    /** What every stream of a node works with; {@code closed} is told once of each. */
    record Parts(Gate gate, LogTables tables, StreamSettings settings, Consumer<SyncStream> closed) {}

    /** Where it sits, and what hears there of commits. */
    record Place(Room room, Seat seat, Consumer<CommittedUpdate> follower) {}

    SyncStream(String id, Loop loop, Parts parts, Incoming incoming, Principal principal, @Nullable String token) {
        super(loop);
        this.id = id;
        this.parts = parts;
        this.incoming = incoming;
        this.outgoing = new Outgoing(parts.settings().sendBytes());
        this.standing = Standing.of(principal, token);
    }

    String id() {
        return id;
    }

    /** Where it sits; null before and after. May be called on its loop only. */
    @Nullable
    Place place() {
        return isOver() ? null : place;
    }

    /** On the room's loop. */
    SyncStream attach(Room room, boolean writes, SyncOpen open) {
        Seat seat = room.join(this, writes);
        Consumer<CommittedUpdate> follower = update -> room.onceTold(seat, () -> committed(update.seq()));
        room.follow(follower);
        long reached = room.reached();
        SyncOpened opened = SyncOpened.newBuilder()
                .setStreamId(id)
                .setGeneration(room.generation())
                .setReadOnly(!writes)
                .setStateVector(wrapped(room.stateVector()))
                .build();
        loop().run(() -> joined(new Place(room, seat, follower), opened));
        if (open.hasAfterSequence() && open.getAfterSequence() >= 0 && open.getAfterSequence() <= reached) {
            // What is in nobody's log yet was not told to a newcomer: it is read once it is.
            room.whenCommitted(seat, () -> loop().run(() -> catchUp(room, open.getAfterSequence())));
        } else {
            byte[] known = open.hasStateVector() ? open.getStateVector().toByteArray() : NOTHING_KNOWN;
            room.answer(seat, known, () -> loop().run(() -> caughtUp(reached)));
        }
        room.introduce(seat);
        return this;
    }

    private void joined(Place taken, SyncOpened opened) {
        place = taken;
        if (isOver()) {
            leave(taken);
            return;
        }
        offer(SyncReply.newBuilder().setOpened(opened));
        incoming.begin(this::heard, () -> {
            finishing = true;
            flow();
        });
    }

    // --- what it missed ---

    private void catchUp(Room room, long after) {
        catchingUp = true;
        parts.tables()
                .after(room.documentId(), after, ROWS_A_READ)
                .onComplete(read -> loop().run(() -> {
                    catchingUp = false;
                    if (isOver()) {
                        return;
                    }
                    if (read.failed()) {
                        fail(read.cause());
                    } else {
                        missed(room, after, read.result());
                    }
                }));
    }

    private void missed(Room room, long after, Optional<LogSlice> found) {
        LogSlice slice = found.orElse(null);
        if (slice == null && after == 0) {
            // A sub-document in which nobody has written is in no log.
            caughtUp(0);
            return;
        }
        if (slice == null) {
            end(Ending.NO_DOCUMENT);
            return;
        }
        byte[] snapshot = slice.snapshot();
        if (snapshot != null) {
            offer(SyncReply.newBuilder().setMissing(wrapped(snapshot)));
        }
        for (LogRow row : slice.rows()) {
            offer(SyncReply.newBuilder().setMissing(wrapped(row.update())));
        }
        long reached = slice.reaches(after);
        if (slice.headSeq() > reached && reached > after) {
            catchUp(room, reached);
        } else {
            caughtUp(reached);
        }
    }

    private void caughtUp(long reached) {
        synced = true;
        committed = Math.max(committed, reached);
        offer(SyncReply.newBuilder().setSynced(true));
        mark();
    }

    /** Everything up to this was told before. */
    private void committed(long sequence) {
        committed = Math.max(committed, sequence);
        if (synced && !marking) {
            marking = true;
            loop().post(this::mark);
        }
    }

    private void mark() {
        marking = false;
        offer(SyncReply.newBuilder().setCommitted(committed));
    }

    // --- what the caller says ---

    private void heard(SyncRequest request) {
        switch (request.getMessageCase()) {
            case STATE_VECTOR -> {
                byte[] vector = request.getStateVector().toByteArray();
                ask(vector.length, (room, seat) -> room.answer(seat, vector));
            }
            case UPDATE -> edit(request.getUpdate());
            case PRESENCE -> {
                byte[] update = request.getPresence().toByteArray();
                ask(update.length, (room, seat) -> room.presence(seat, update));
            }
            case OPEN -> fail(Problem.of(ProblemCode.INVALID_REQUEST, "A stream opens one document, once."));
            case MESSAGE_NOT_SET -> fail(Problem.of(ProblemCode.INVALID_REQUEST, "A message says nothing."));
        }
    }

    private void edit(SyncUpdate edit) {
        byte[] update = edit.getUpdate().toByteArray();
        if (update.length > parts.settings().updateBytes()) {
            fail(Problem.of(
                    ProblemCode.TOO_LARGE,
                    "One update has at most " + parts.settings().updateBytes() + " bytes."));
            return;
        }
        unanswered++;
        Consumer<Boolean> answer = saved -> loop().run(() -> answered(edit.getNumber(), saved));
        ask(update.length, (room, seat) -> room.edit(seat, update, false, answer, TraceSpan.NONE));
    }

    private void answered(long number, boolean saved) {
        unanswered--;
        offer(SyncReply.newBuilder()
                .setSaved(SyncSaved.newBuilder().setNumber(number).setSaved(saved)));
    }

    private void ask(int bytes, BiConsumer<Room, Seat> action) {
        Place at = place;
        if (at == null || isOver()) {
            return;
        }
        incoming.underway().begin(bytes);
        at.room().loop().run(() -> {
            incoming.underway().done(bytes);
            if (at.seat().taken()) {
                action.accept(at.room(), at.seat());
            }
        });
    }

    // --- what it is told ---

    private void offer(SyncReply.Builder message) {
        if (isOver()) {
            return;
        }
        toldAt = System.currentTimeMillis();
        if (!outgoing.add(message.build())) {
            end(Ending.TOO_SLOW);
        } else {
            flow();
        }
    }

    @Override
    protected @Nullable SyncReply next() {
        return outgoing.isEmpty() ? null : outgoing.next();
    }

    @Override
    protected void flowed() {
        if (finishing && synced && !catchingUp && unanswered == 0 && outgoing.isEmpty()) {
            finish();
        }
    }

    @Override
    protected void left() {
        outgoing.clear();
        incoming.stop();
        parts.closed().accept(this);
        Place left = place;
        if (left != null) {
            leave(left);
        }
    }

    private static void leave(Place left) {
        left.room().loop().post(() -> {
            left.room().unfollow(left.follower());
            left.room().leave(left.seat());
        });
    }

    /** Every second. */
    void tick(long now) {
        if (!isRead() && now - since > parts.settings().openWithin().toMillis()) {
            fail(Problem.of(ProblemCode.UNAVAILABLE, "Nobody reads this stream."));
        }
        if (synced && now - toldAt > QUIET_MS) {
            mark();
        }
        Place at = place;
        Standing current = standing;
        if (at == null || isOver() || checking || !current.isDue(now)) {
            return;
        }
        checking = true;
        parts.gate()
                .admit(current.principal(), current.token(), at.room().name())
                .onComplete(answer -> loop().run(() -> {
                    checking = false;
                    if (answer.failed()) {
                        end(Endings.again(answer.cause()));
                    } else {
                        standing = current.checked(System.currentTimeMillis());
                    }
                }));
    }

    private static ByteString wrapped(byte[] bytes) {
        return UnsafeByteOperations.unsafeWrap(bytes);
    }

    // --- as the room sees it ---

    @Override
    public void deliver(SharedFrame frame) {
        FrameReader reader = new FrameReader(frame.message());
        int type = reader.type();
        if (type == Messages.AWARENESS) {
            offer(SyncReply.newBuilder().setPresence(wrapped(reader.bytes())));
        } else if (type == Messages.SYNC) {
            int step = reader.type();
            ByteString payload = wrapped(reader.bytes());
            offer(
                    switch (step) {
                        case Messages.SYNC_STEP_1 -> SyncReply.newBuilder().setStateVector(payload);
                        case Messages.SYNC_STEP_2 -> SyncReply.newBuilder().setMissing(payload);
                        default -> SyncReply.newBuilder().setUpdate(payload);
                    });
        }
    }

    @Override
    public void deliver(SharedState state) {
        ByteString missing = ByteString.EMPTY;
        for (ByteBuffer part : state.update().nioBuffers()) {
            missing = missing.concat(UnsafeByteOperations.unsafeWrap(part));
        }
        offer(SyncReply.newBuilder().setMissing(missing));
    }

    @Override
    public void scope(boolean writes) {
        offer(SyncReply.newBuilder().setReadOnly(!writes));
    }

    @Override
    public void end(Ending ending) {
        fail(
                switch (ending) {
                    case SESSION_ENDED -> Problem.of(ProblemCode.SESSION_ENDED, "The session has ended.");
                    case NO_ACCESS, NO_DOCUMENT -> Problem.of(ProblemCode.NOT_FOUND, "There is no such document.");
                    case MALFORMED ->
                        Problem.of(ProblemCode.CONTENT_INVALID, "A message is not what the protocol of Yjs says.");
                    case DOCUMENT_TOO_LARGE ->
                        Problem.of(ProblemCode.TOO_LARGE, "The document would become too large.");
                    case UPDATE_TOO_LARGE ->
                        Problem.of(ProblemCode.TOO_LARGE, "One update has fewer structs and deletions than this one.");
                    case INCOMPLETE ->
                        Problem.of(
                                ProblemCode.UNAVAILABLE, "Not all of an edit could be placed; open the stream again.");
                    case GOING_AWAY -> Problem.of(ProblemCode.DRAINING, "This node is shutting down.");
                    case TOO_SLOW ->
                        Problem.of(ProblemCode.UNAVAILABLE, "The stream was read too slowly; open it again.");
                    default -> Problem.of(ProblemCode.UNAVAILABLE, "Open the document again.");
                });
    }

    @Override
    public Principal principal() {
        return standing.principal();
    }

    @Override
    public @Nullable String token() {
        return standing.token();
    }
}
