package ai.materi.collab.room;

import ai.materi.collab.frame.MalformedFrameException;
import ai.materi.collab.frame.Messages;
import ai.materi.collab.frame.SharedState;
import ai.materi.collab.history.Author;
import ai.materi.collab.log.Appender;
import ai.materi.collab.log.Claim;
import ai.materi.collab.log.DocumentGoneException;
import ai.materi.collab.log.LogEntry;
import ai.materi.collab.log.LogRow;
import ai.materi.collab.log.LogSlice;
import ai.materi.collab.log.LogTails;
import ai.materi.crdt.Doc;
import ai.materi.crdt.MalformedUpdateException;
import ai.materi.crdt.StateVector;
import ai.materi.crdt.Updates;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.platform.telemetry.TraceSpan;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One live document of this node. An edit is applied, goes to everybody here at once and into the log; whoever sent it
 * hears that it is saved when the log has committed it. The log decides the order for all nodes: a room counts which of
 * its entries it holds and reads from the log what it misses.
 *
 * <p>Everything but {@link #committed} and {@link #lost} is called on {@link #loop()} only.
 */
public final class Room implements Appender {
    private static final Logger LOG = LoggerFactory.getLogger(Room.class);
    private static final Object FROM_LOG = new Object();
    private static final int ROWS_A_REPAIR = 1_000;
    private static final int WRITERS_WAITING = 200;
    /** Of an edit that was made on a draft, or came whole in one call. */
    private static final int STRUCTS_OF_OUR_OWN = 1_000_000;

    private static final int EXACT_TRIES = 20;
    private static final int WAITS_A_SEAT = 20_000;
    private static final long PRESENCE_RENEWAL_MS = 12_000;

    private final UUID documentId;
    private final UUID workspaceId;
    private final int generation;
    private final Loop loop;
    private final RoomParts parts;
    private final Doc doc;
    private final Sequence sequence;
    private final Presence presence;
    private final Pace pace;
    private final Audience audience;
    private final Newcomers newcomers = new Newcomers();
    private final Set<Seat> seats = new LinkedHashSet<>();
    private final Set<Consumer<CommittedUpdate>> followers = new LinkedHashSet<>();
    private final AckQueue acks = new AckQueue();
    private final ArrayDeque<Appended> appending = new ArrayDeque<>();
    private final List<byte[]> gathered = new ArrayList<>();
    private final ArrayDeque<Runnable> writers = new ArrayDeque<>();
    private final List<Promise<Void>> repairs = new ArrayList<>();
    private long appended;
    private long committed;
    private long bytes;
    private boolean writing;
    private boolean repairing;
    private boolean presenceScheduled;
    private boolean dismissing;
    private byte @Nullable [] state;
    private int holds;
    private long idleSince = System.nanoTime();
    private long draftAuthor = Draft.freshAuthor();
    private long renewedAt = System.currentTimeMillis();
    private boolean closed;
    private Runnable onClosed = Room::nothing;

    /** An update between the log's queue and its commit. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Appended(byte[] update, Origin origin, TraceSpan committing) {}

    /**
     * Where an edit comes from.
     *
     * @param via on whose behalf an agent wrote; null for people
     * @param peer that has it already; null when the server is its author
     * @param arrivedAt of {@link System#nanoTime()}
     */
    private record Origin(
            UUID author, @Nullable UUID via, @Nullable Peer peer, long arrivedAt, TraceSpan trace) {}

    Room(LoadedDocument loaded, Loop loop, RoomParts parts) {
        this.documentId = loaded.documentId();
        this.workspaceId = loaded.workspaceId();
        this.generation = loaded.generation();
        this.loop = loop;
        this.parts = parts;
        this.doc = loaded.doc();
        this.sequence = new Sequence(loaded.reached());
        this.bytes = loaded.bytes();
        this.audience = new Audience(documentId.toString());
        this.presence = new Presence(
                parts.settings().presenceBytes(),
                parts.settings().presenceBytesElsewhere(),
                parts.meters(),
                loaded.claims(),
                (clientId, user) -> parts.claims().add(new Claim(documentId, clientId, user)));
        this.pace = new Pace(
                parts.settings().presenceTick(),
                parts.settings().presenceMessages(),
                parts.settings().presenceRate());
        parts.tails().opened(documentId, loaded.tail());
        doc.onUpdate((update, origin, local) -> changed(update, origin));
    }

    public UUID documentId() {
        return documentId;
    }

    public UUID workspaceId() {
        return workspaceId;
    }

    public int generation() {
        return generation;
    }

    public Loop loop() {
        return loop;
    }

    public RoomSettings settings() {
        return parts.settings();
    }

    /** The last sequence number up to which the room holds everything. */
    public long reached() {
        return sequence.reached();
    }

    // --- sockets ---

    /** Takes a peer in; it receives everything that happens from now on. Fails with {@code overloaded} when the room is full. */
    public Seat join(Peer peer, boolean writes) {
        if (seats.size() >= parts.settings().peers()) {
            parts.meters().met(Limit.PEERS);
            throw Problem.of(ProblemCode.OVERLOADED, "Too many people have this document open.");
        }
        Seat seat = new Seat(peer, writes);
        seats.add(seat);
        audience.add(peer);
        return seat;
    }

    /**
     * Who leaves from now on is sent away by this node and comes back at another: their presence stays until it is told of
     * there, or until the others have noticed that this node is gone.
     */
    public void dismiss() {
        dismissing = true;
    }

    public void leave(Seat seat) {
        if (!seat.taken()) {
            return;
        }
        seat.free();
        seats.remove(seat);
        audience.remove(seat.peer());
        if (!dismissing) {
            presence.leave(seat);
            presenceChanged();
        }
        idleSince = System.nanoTime();
    }

    /** Asks the peer for what it has and the room lacks. */
    public void ask(Seat seat) {
        tell(seat, Messages.syncStep1(doc.stateVector().encode()));
    }

    /** The state vector of what the room holds, committed or not. */
    public byte[] stateVector() {
        return doc.stateVector().encode();
    }

    /** Answers a peer's state vector with what it lacks. */
    public void answer(Seat seat, byte[] stateVector) {
        guarded(seat, () -> {
            StateVector known = StateVector.decode(stateVector);
            if (known.equals(StateVector.EMPTY)) {
                welcome(seat);
            } else {
                tell(seat, Messages.syncStep2(doc.encodeStateSince(known)));
            }
        });
    }

    private void welcome(Seat seat) {
        SharedState shared = newcomers.state();
        if (shared == null) {
            byte[] whole = state();
            if (whole.length < Newcomers.LARGE) {
                tell(seat, Messages.syncStep2(whole));
                return;
            }
            shared = new SharedState(whole);
            newcomers.keep(shared);
        }
        byte[] since = newcomers.since();
        if (since != null) {
            tell(seat, Messages.syncUpdate(since));
        }
        if (seat.taken()) {
            Audience.tell(seat.peer(), shared);
        }
    }

    /** Runs once everything that arrived so far is committed, if the peer is still there. */
    public void whenCommitted(Seat seat, Runnable action) {
        await(seat, () -> guarded(seat, action));
    }

    /**
     * Applies a peer's edit.
     *
     * @param reply an answer to {@link #ask}, which may well bring nothing
     * @param saved is called once: true after the commit, false when the peer may not write
     * @param trace ends after that
     */
    public void edit(Seat seat, byte[] update, boolean reply, Consumer<Boolean> saved, TraceSpan trace) {
        if (!seat.taken()) {
            return;
        }
        guarded(seat, () -> {
            if (seat.writes()) {
                write(seat, update, saved, trace);
            } else {
                boolean known = reply && Coverage.contains(doc, update);
                if (!known) {
                    parts.meters().dropped();
                }
                saved.accept(known);
                trace.end();
            }
        });
    }

    /** Takes what a peer says of its own presence. */
    public void presence(Seat seat, byte[] update) {
        if (!seat.taken()) {
            return;
        }
        guarded(seat, () -> presence.receive(seat, update, System.currentTimeMillis()));
        presenceChanged();
    }

    /** The same of what comes another way than the peer's messages. Throws {@link MalformedFrameException}. */
    public void presenceAside(Seat seat, byte[] update) {
        presence.receive(seat, update, System.currentTimeMillis());
        presenceChanged();
    }

    /** Tells a peer who is here. */
    public void introduce(Seat seat) {
        if (seat.taken() && !presence.isEmpty()) {
            tell(seat, Messages.awareness(presence.everybody()));
        }
    }

    /** On the peer's loop, once it has been told of every edit so far. */
    public void onceTold(Seat seat, Runnable action) {
        if (seat.taken()) {
            audience.onceTold(seat.peer(), action);
        }
    }

    /** Changes what the peers of some users may do. */
    public void scope(UUID user, boolean writes) {
        for (Seat seat : seats) {
            Peer peer = seat.peer();
            if (seat.writes() != writes && peer.principal().userId().equals(user)) {
                seat.writes(writes);
                peer.loop().run(() -> peer.scope(writes));
                if (writes) {
                    ask(seat);
                }
            }
        }
    }

    /** Shows a peer the door. */
    public void expel(Seat seat, Ending ending) {
        if (seat.taken()) {
            leave(seat);
            seat.peer().loop().run(() -> seat.peer().end(ending));
        }
    }

    public List<Seat> seats() {
        return List.copyOf(seats);
    }

    /** What an operator sees of it. */
    RoomView view() {
        Appended oldest = appending.peek();
        LogTails.Tail tail = parts.tails().of(documentId);
        long now = System.nanoTime();
        boolean idle = seats.isEmpty() && holds == 0;
        return new RoomView(
                documentId,
                workspaceId,
                generation,
                bytes,
                peers(),
                (int) seats.stream().filter(Seat::writes).count(),
                sequence.reached(),
                appended - committed,
                oldest == null
                        ? 0
                        : TimeUnit.NANOSECONDS.toMillis(now - oldest.origin().arrivedAt()),
                presence.size(),
                doc.pendingBytes(),
                tail.rows(),
                tail.bytes(),
                idle ? Instant.now().minusNanos(now - idleSince) : null);
    }

    private Map<Wire, Integer> peers() {
        Map<Wire, Integer> peers = new EnumMap<>(Wire.class);
        seats.forEach(seat -> peers.merge(seat.peer().wire(), 1, Integer::sum));
        return peers;
    }

    // --- the server as an author ---

    /** Runs one server-side edit after the other, so that each works on what the one before it left. */
    public <T> Future<T> inTurn(Supplier<Future<T>> edit) {
        if (writers.size() >= WRITERS_WAITING) {
            return Future.failedFuture(Problem.of(ProblemCode.OVERLOADED, "Too many edits wait for this document."));
        }
        Promise<T> promise = Promise.promise();
        hold();
        writers.add(() -> started(edit)
                .onComplete(done -> loop.run(() -> {
                    release();
                    writing = false;
                    promise.handle(done);
                    nextWriter();
                })));
        nextWriter();
        return promise.future();
    }

    /** The live document, for an edit to be worked out on away from the loop; within {@link #inTurn}. */
    public Draft draft() {
        return new Draft(state(), draftAuthor);
    }

    /** The same of a committed state: what is not committed yet is not in it, and merges with the edit. */
    public Draft draft(CommittedState from) {
        return new Draft(from.state(), draftAuthor);
    }

    /** Applies an edit that was made on a draft. Completes with its sequence number after the commit. */
    public Future<Long> write(byte[] update, UUID author, @Nullable UUID via) {
        return authored(author, via, update, () -> take(update, null, STRUCTS_OF_OUR_OWN, Integer.MAX_VALUE), null);
    }

    /**
     * Applies an edit of a peer that comes another way than its messages: everybody but the peer is told. Completes with its
     * sequence number after the commit.
     */
    public Future<Long> writeAside(Seat seat, byte[] update) {
        Peer peer = seat.peer();
        RoomSettings settings = parts.settings();
        return authored(
                peer.principal().userId(),
                null,
                update,
                () -> take(update, seat, settings.updateStructs(), settings.pendingBytes()),
                peer);
    }

    /** The same with an edit made in the live document itself, by {@code author}. */
    public Future<Long> writeHere(UUID author, @Nullable UUID via, Consumer<Doc> edit) {
        return authored(author, via, null, () -> edit.accept(doc), null);
    }

    /**
     * Commits an edit that was made on a draft if the log still ends at {@code expectedSeq}, and applies it then. Empty,
     * with nothing written, when anything newer is there.
     */
    public Future<Optional<Long>> writeIf(long expectedSeq, byte[] update, UUID author, @Nullable UUID via) {
        if (appended != committed || sequence.reached() != expectedSeq) {
            return Future.succeededFuture(Optional.empty());
        }
        Promise<Optional<Long>> promise = Promise.promise();
        parts.log()
                .appendIf(documentId, expectedSeq, update, author, via)
                .onComplete(done -> loop.run(() -> {
                    if (done.failed()) {
                        // It may be committed all the same: nobody may write under these clocks again.
                        draftAuthor = Draft.freshAuthor();
                        repair();
                        promise.fail(done.cause());
                    } else {
                        done.result().ifPresent(seq -> received(new CommittedUpdate(seq, update, author)));
                        promise.complete(done.result());
                    }
                }));
        return promise.future();
    }

    /** A presence that the server holds; null takes it away. */
    public void hostPresence(long clientId, @Nullable JsonObject presenceState) {
        if (presenceState == null) {
            presence.remove(clientId);
        } else {
            presence.put(clientId, presenceState, System.currentTimeMillis());
        }
        presenceChanged();
    }

    /** The document exactly as committed, once what it holds now is. */
    public Future<CommittedState> committedState() {
        return exact(EXACT_TRIES);
    }

    /** Is told of every committed update from the next one on, in order, though some may be told twice. */
    public void follow(Consumer<CommittedUpdate> follower) {
        hold();
        followers.add(follower);
    }

    public void unfollow(Consumer<CommittedUpdate> follower) {
        if (followers.remove(follower)) {
            release();
        }
    }

    /** Keeps the room in memory. */
    public void hold() {
        holds++;
    }

    public void release() {
        holds--;
        idleSince = System.nanoTime();
    }

    // --- the log and other nodes ---

    @Override
    public void committed(long firstSeq, int count) {
        loop.run(() -> settled(firstSeq, count));
    }

    @Override
    public void lost(int count, Throwable cause) {
        loop.run(() -> {
            LOG.warn("document {} leaves memory: {} updates cannot be committed", documentId, count, cause);
            close(cause instanceof DocumentGoneException ? Ending.NO_DOCUMENT : Ending.TRY_LATER);
        });
    }

    /** A committed update from another node. */
    public void received(CommittedUpdate update) {
        if (closed || update.seq() <= sequence.reached()) {
            return;
        }
        if (update.seq() > sequence.reached() + 1) {
            repair();
            return;
        }
        doc.applyUpdate(update.update(), FROM_LOG);
        sequence.add(update.seq(), update.seq());
        followers.forEach(follower -> follower.accept(update));
    }

    /** What another node says of the presence of its clients. */
    public void presenceOf(String node, List<PresenceState> states) {
        presence.receive(node, states, System.currentTimeMillis());
        presenceChanged();
    }

    /** All the clients that another node has here. */
    public void presenceOnlyOf(String node, Set<Long> clientIds) {
        presence.retain(node, clientIds);
        presenceChanged();
    }

    /** The presence of this node's clients, and of what it hosts itself. */
    public List<PresenceState> presenceHere() {
        return presence.here();
    }

    /** The log has this head; what the room misses is read. */
    public void compare(long head) {
        if (!closed && head > sequence.reached() + (appended - committed)) {
            repair();
        }
    }

    /** Reads from the log what the room misses. */
    public Future<Void> repair() {
        Promise<Void> promise = Promise.promise();
        repairs.add(promise);
        if (!repairing) {
            repairing = true;
            readOn();
        }
        return promise.future();
    }

    // --- life ---

    /** Called every few seconds. */
    void tick(long now) {
        newcomers.tick();
        presence.expire(now - parts.settings().presenceExpiry().toMillis());
        if (now - renewedAt > PRESENCE_RENEWAL_MS) {
            renewedAt = now;
            presence.renew(now);
        }
        presenceChanged();
        if (idle()) {
            close(Ending.TRY_LATER);
        }
    }

    boolean isClosed() {
        return closed;
    }

    void onClosed(Runnable action) {
        onClosed = action;
    }

    /** Puts everybody out and forgets the document; what is in the log's queue still commits. */
    void close(Ending ending) {
        if (closed) {
            return;
        }
        closed = true;
        parts.tails().closed(documentId);
        onClosed.run();
        seats().forEach(seat -> expel(seat, ending));
        acks.drop();
        settleRepairs(Future.failedFuture(new RoomClosedException()));
    }

    private boolean idle() {
        return seats.isEmpty()
                && holds == 0
                && appended == committed
                && System.nanoTime() - idleSince > parts.settings().idle().toNanos();
    }

    // --- edits ---

    private void write(Seat seat, byte[] update, Consumer<Boolean> saved, TraceSpan trace) {
        if (!parts.log().accepts(update.length)) {
            refuse(seat, Limit.QUEUE, Ending.TRY_LATER);
            return;
        }
        if (tooLarge(update.length)) {
            refuse(seat, Limit.DOCUMENT_BYTES, Ending.DOCUMENT_TOO_LARGE);
            return;
        }
        long arrivedAt = System.nanoTime();
        gathered.clear();
        RoomSettings settings = parts.settings();
        TraceSpan applying = trace.part("apply");
        boolean whole = doc.applyUpdate(update, seat, settings.updateStructs(), settings.pendingBytes());
        applying.end();
        if (seat.begins()) {
            parts.authors().seen(documentId, Author.of(seat.principal()));
        }
        UUID user = seat.peer().principal().userId();
        publish(whole && doc.hasPending() ? update : gathered(), new Origin(user, null, seat.peer(), arrivedAt, trace));
        if (whole) {
            await(seat, () -> {
                saved.accept(true);
                trace.end();
            });
        } else {
            refuse(seat, Limit.PENDING, Ending.INCOMPLETE);
        }
    }

    private void refuse(Seat seat, Limit limit, Ending ending) {
        parts.meters().refused(limit);
        expel(seat, ending);
    }

    private Future<Long> authored(
            UUID author, @Nullable UUID via, byte @Nullable [] update, Runnable edit, @Nullable Peer except) {
        int size = update == null ? 0 : update.length;
        if (closed) {
            return Future.failedFuture(new RoomClosedException());
        }
        if (!parts.log().accepts(size)) {
            parts.meters().refused(Limit.QUEUE);
            return Future.failedFuture(Problem.of(ProblemCode.OVERLOADED, "Too many edits wait for their commit."));
        }
        if (tooLarge(size)) {
            parts.meters().refused(Limit.DOCUMENT_BYTES);
            return Future.failedFuture(Problem.of(ProblemCode.TOO_LARGE, "The document would become too large."));
        }
        Origin origin = new Origin(author, via, except, System.nanoTime(), TraceSpan.NONE);
        gathered.clear();
        try {
            edit.run();
        } catch (RuntimeException failure) {
            publish(gathered(), origin);
            throw failure;
        }
        publish(update != null && doc.hasPending() ? update : gathered(), origin);
        return awaited();
    }

    /** What could be placed of it stays, and is committed, when this throws. */
    private void take(byte[] update, @Nullable Object origin, int structs, int maxPending) {
        if (!doc.applyUpdate(update, origin, structs, maxPending)) {
            throw Problem.of(ProblemCode.UNAVAILABLE, "Only a part of the edit could be placed; send it again.");
        }
    }

    /** What the last transactions changed, as one update; null when nothing did. */
    private byte @Nullable [] gathered() {
        return gathered.isEmpty() ? null : Updates.merge(List.copyOf(gathered));
    }

    private void publish(byte @Nullable [] update, Origin origin) {
        gathered.clear();
        if (update == null) {
            return;
        }
        parts.meters().updated();
        bytes += update.length;
        appended++;
        appending.add(new Appended(update, origin, origin.trace().part("commit")));
        parts.log().append(new LogEntry(documentId, update, origin.author(), origin.via(), this));
        audience.send(Messages.syncUpdate(update), origin.peer(), fanOutFrom(origin));
    }

    /** An edit that nobody else is here to receive is not measured. */
    private Runnable fanOutFrom(Origin origin) {
        int others = seats.size() - (origin.peer() == null ? 0 : 1);
        if (others == 0) {
            return Room::nothing;
        }
        TraceSpan sending = origin.trace().part("fan-out");
        return () -> {
            parts.meters().fannedOut(System.nanoTime() - origin.arrivedAt());
            sending.end();
        };
    }

    private void changed(byte[] update, @Nullable Object origin) {
        state = null;
        newcomers.changed(update);
        if (origin == FROM_LOG) {
            bytes += update.length;
            audience.send(Messages.syncUpdate(update), null, Room::nothing);
        } else {
            gathered.add(update);
        }
    }

    private boolean tooLarge(int more) {
        int bound = parts.settings().documentBytes();
        if (bytes + more > bound) {
            bytes = state().length;
        }
        return bytes + more > bound;
    }

    private byte[] state() {
        byte[] known = state;
        if (known == null) {
            known = doc.encodeState();
            state = known;
        }
        return known;
    }

    private void guarded(Seat seat, Runnable action) {
        try {
            action.run();
        } catch (MalformedUpdateException | MalformedFrameException malformed) {
            LOG.debug("a peer of document {} sent: {}", documentId, malformed.getMessage());
            if (malformed instanceof MalformedUpdateException update && update.isOverBudget()) {
                refuse(seat, Limit.STRUCTS, Ending.UPDATE_TOO_LARGE);
            } else {
                expel(seat, Ending.MALFORMED);
            }
        } catch (RuntimeException defect) {
            // What is in memory may be half changed; the log is not, and everybody comes back to that.
            LOG.error("document {} leaves memory: an edit could not be applied", documentId, defect);
            expel(seat, Ending.MALFORMED);
            close(Ending.TRY_LATER);
        }
    }

    private void tell(Seat seat, Buffer message) {
        if (seat.taken()) {
            audience.tell(seat.peer(), message);
        }
    }

    private void nextWriter() {
        if (!writing && !writers.isEmpty()) {
            writing = true;
            writers.remove().run();
        }
    }

    private static <T> Future<T> started(Supplier<Future<T>> edit) {
        try {
            return edit.get();
        } catch (RuntimeException failure) {
            return Future.failedFuture(failure);
        }
    }

    // --- commits ---

    /** Once everything appended so far is committed; with the sequence number of the last of it. */
    private void await(LongConsumer action, Runnable dropped) {
        if (committed >= appended) {
            action.accept(sequence.reached());
        } else {
            acks.add(appended, action, dropped);
        }
    }

    private void await(Seat seat, Runnable action) {
        if (seat.waits() > WAITS_A_SEAT) {
            refuse(seat, Limit.QUEUE, Ending.TRY_LATER);
            return;
        }
        seat.waits(1);
        await(
                seq -> {
                    seat.waits(-1);
                    if (seat.taken()) {
                        action.run();
                    }
                },
                Room::nothing);
    }

    private Future<Long> awaited() {
        Promise<Long> promise = Promise.promise();
        await(
                promise::complete,
                () -> promise.fail(Problem.of(
                        ProblemCode.UNAVAILABLE,
                        "Whether the edit was saved is unknown: the document was closed meanwhile.")));
        return promise.future();
    }

    private void settled(long firstSeq, int count) {
        if (closed) {
            return;
        }
        boolean inOrder = firstSeq == sequence.reached() + 1;
        List<CommittedUpdate> updates = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Appended entry = appending.remove();
            entry.committing().end();
            parts.meters().committed(System.nanoTime() - entry.origin().arrivedAt());
            updates.add(new CommittedUpdate(
                    firstSeq + i, entry.update(), entry.origin().author()));
        }
        committed += count;
        long lastSeq = firstSeq + count - 1;
        sequence.add(firstSeq, lastSeq);
        if (inOrder) {
            followers.forEach(follower -> updates.forEach(follower));
        }
        parts.bus().publish(documentId, generation, firstSeq, updates);
        acks.committed(committed, lastSeq);
        if (sequence.gap()) {
            repair();
        }
    }

    private Future<CommittedState> exact(int tries) {
        if (closed) {
            return Future.failedFuture(new RoomClosedException());
        }
        if (tries == 0) {
            return Future.failedFuture(
                    Problem.of(ProblemCode.UNAVAILABLE, "The document changes too fast to be read."));
        }
        if (sequence.gap()) {
            return repair().compose(done -> exact(tries - 1));
        }
        byte[] captured = state();
        long expected = sequence.reached() + (appended - committed);
        return awaited()
                .compose(reached -> reached == expected
                        ? Future.succeededFuture(new CommittedState(captured, expected, generation))
                        : exact(tries - 1));
    }

    // --- repair ---

    private void readOn() {
        long from = sequence.reached();
        parts.tables()
                .after(documentId, from, ROWS_A_REPAIR)
                .onComplete(read -> loop.run(() -> {
                    if (closed) {
                        return;
                    }
                    if (read.failed()) {
                        LOG.warn(
                                "document {} is not repaired yet: {}",
                                documentId,
                                String.valueOf(read.cause().getMessage()));
                        settleRepairs(Future.failedFuture(read.cause()));
                    } else if (read.result().isEmpty()) {
                        close(Ending.NO_DOCUMENT);
                    } else {
                        catchUp(from, read.result().get());
                    }
                }));
    }

    private void catchUp(long from, LogSlice slice) {
        if (slice.generation() != generation) {
            close(Ending.TRY_LATER);
            return;
        }
        byte[] snapshot = slice.snapshot();
        if (snapshot != null) {
            doc.applyUpdate(snapshot, FROM_LOG, Integer.MAX_VALUE);
            sequence.reach(slice.snapshotSeq());
            CommittedUpdate upToHere = new CommittedUpdate(slice.snapshotSeq(), snapshot, null);
            followers.forEach(follower -> follower.accept(upToHere));
        }
        slice.rows().forEach(this::catchUp);
        if (slice.headSeq() > sequence.reached() && slice.reaches(from) > from) {
            readOn();
        } else {
            parts.meters().repaired();
            settleRepairs(Future.succeededFuture());
        }
    }

    private void catchUp(LogRow row) {
        if (row.seq() != sequence.reached() + 1) {
            return;
        }
        doc.applyUpdate(row.update(), FROM_LOG);
        sequence.reach(row.seq());
        CommittedUpdate update = new CommittedUpdate(row.seq(), row.update(), row.author());
        followers.forEach(follower -> follower.accept(update));
    }

    private void settleRepairs(Future<Void> result) {
        repairing = false;
        List<Promise<Void>> waiting = List.copyOf(repairs);
        repairs.clear();
        waiting.forEach(promise -> promise.handle(result));
    }

    // --- presence ---

    private void presenceChanged() {
        if (presence.hasChanges() && !presenceScheduled) {
            presenceScheduled = true;
            parts.vertx().setTimer(pace.delayMs(seats.size(), System.nanoTime()), timer -> sendPresence());
        }
    }

    private void sendPresence() {
        presenceScheduled = false;
        Presence.Changes changes = presence.drain(pace.portion(seats.size()));
        pace.sent(changes.update().length, System.nanoTime());
        audience.sendPresence(Messages.awareness(changes.update()));
        parts.bus().presence(documentId, changes.here());
        presenceChanged();
    }

    private static void nothing() {}
}
