package ai.materi.collab.room;

import ai.materi.collab.document.DocumentName;
import ai.materi.collab.frame.MalformedFrameException;
import ai.materi.collab.frame.Messages;
import ai.materi.collab.log.Appender;
import ai.materi.collab.log.Claim;
import ai.materi.collab.log.DocumentGoneException;
import ai.materi.collab.log.LogTails;
import ai.materi.crdt.Doc;
import ai.materi.crdt.MalformedUpdateException;
import ai.materi.crdt.StateVector;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.platform.telemetry.TraceSpan;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One live document of this node. An edit is applied, goes to everybody here at once and into the log; whoever sent it
 * hears that it is saved when the log has committed it. The log decides the order for all nodes: a room counts which of
 * its entries it holds and reads from the log what it misses.
 *
 * <p>This class is the room's door and knows who is there; the document is in {@link LiveDocument}, the way of an edit in
 * {@link Edits}, what waits for the log in {@link Commits}, what comes from it in {@link Replica}, what peers are told of what
 * they lack in {@link Answers}, the server's own writing in {@link Authoring}.
 *
 * <p>Everything but {@link #committed} and {@link #lost} is called on {@link #loop()} only.
 */
public final class Room implements Appender {
    private static final Logger LOG = LoggerFactory.getLogger(Room.class);
    private static final int WAITS_A_SEAT = 20_000;

    private final DocumentName name;
    private final UUID documentId;
    private final UUID workspaceId;
    private final int generation;
    private final RoomLoop loop;
    private final RoomParts parts;
    private final Presence presence;
    private final PresenceRounds presenceRounds;
    private final Audience audience;
    private final LiveDocument document;
    private final Commits commits;
    private final Replica replica;
    private final Edits edits;
    private final Authoring authoring;
    private final Answers answers;
    private final Turns turns = new Turns(this);
    private final Set<Seat> seats = new LinkedHashSet<>();
    private boolean dismissing;
    private int holds;
    private long idleSince = System.nanoTime();
    private boolean closed;
    private Runnable onClosed = Room::nothing;

    Room(LoadedDocument loaded, EventLoop owner, RoomParts parts) {
        this.name = loaded.name();
        this.documentId = name.id();
        this.workspaceId = loaded.workspaceId();
        this.generation = loaded.generation();
        this.loop = new RoomLoop(owner);
        this.parts = parts;
        this.audience = new Audience(name.toString());
        this.presence = new Presence(
                parts.settings().presenceBytes(),
                parts.settings().presenceBytesElsewhere(),
                parts.meters(),
                loaded.claims(),
                (clientId, user) -> parts.claims().add(new Claim(documentId, clientId, user)));
        this.presenceRounds = new PresenceRounds(documentId, presence, audience, parts);
        this.document = new LiveDocument(
                loaded,
                loop,
                parts.workers(),
                parts.settings().documentBytes(),
                update -> audience.send(Messages.syncUpdate(update), null, Room::nothing));
        this.commits = new Commits(documentId, this, parts);
        this.replica = new Replica(this, document, parts, loaded.reached());
        this.edits = new Edits(this, document, commits, audience, parts);
        this.authoring = new Authoring(this, loop, document, replica, commits, edits, parts);
        this.answers = new Answers(this, document);
        parts.tails().opened(documentId, loaded.tail());
    }

    public DocumentName name() {
        return name;
    }

    /** Under which the log has it. */
    public UUID documentId() {
        return documentId;
    }

    public UUID workspaceId() {
        return workspaceId;
    }

    public int generation() {
        return generation;
    }

    /** On which everything is done with this room. It stands still while a worker has the document. */
    public Loop loop() {
        return loop;
    }

    public RoomSettings settings() {
        return parts.settings();
    }

    /** The last sequence number up to which the room holds everything. */
    public long reached() {
        return replica.reached();
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
            presenceRounds.changed();
        }
        idleSince = System.nanoTime();
    }

    /** Asks the peer for what it has and the room lacks. */
    public void ask(Seat seat) {
        loop.run(
                () -> tell(seat, Messages.syncStep1(document.doc().stateVector().encode())));
    }

    /** The state vector of what the room holds, committed or not. */
    public byte[] stateVector() {
        return document.doc().stateVector().encode();
    }

    /** Answers a peer's state vector with what it lacks: at once, or soon when the document is large. */
    public void answer(Seat seat, byte[] stateVector) {
        answer(seat, stateVector, Room::nothing);
    }

    /**
     * As {@link #answer(Seat, byte[])}.
     *
     * @param answered is run once that is on its way to the peer's loop; not when the peer has gone
     */
    public void answer(Seat seat, byte[] stateVector, Runnable answered) {
        loop.run(() -> guarded(seat, () -> answers.answer(seat, StateVector.decode(stateVector), answered)));
    }

    /**
     * Tells a peer what it was not sent while it was too slow, as one update.
     *
     * @param told is run once that is on its way to the peer's loop; not when the peer has gone
     */
    public void catchUp(Seat seat, Missed missed, Runnable told) {
        parts.meters().resynced();
        Runnable besides = () -> {
            if (missed.question()) {
                ask(seat);
            }
            if (missed.presence()) {
                tell(seat, Messages.awareness(presence.everybody(missed.departed())));
            }
            told.run();
        };
        loop.run(() -> guarded(seat, () -> answers.catchUp(seat, missed, besides)));
    }

    /** Runs once everything that arrived so far is committed, if the peer is still there. */
    public void whenCommitted(Seat seat, Runnable action) {
        inOrder(seat, 0, () -> await(seat, () -> guarded(seat, action)));
    }

    /**
     * Applies a peer's edit.
     *
     * @param reply an answer to {@link #ask}, which may well bring nothing
     * @param saved is called once: true after the commit, false when the peer may not write
     * @param trace ends after that
     */
    public void edit(Seat seat, byte[] update, boolean reply, Consumer<Boolean> saved, TraceSpan trace) {
        loop.run(() -> {
            if (seat.taken()) {
                inOrder(seat, update.length, () -> take(seat, update, reply, saved, trace));
            }
        });
    }

    private void take(Seat seat, byte[] update, boolean reply, Consumer<Boolean> saved, TraceSpan trace) {
        guarded(seat, () -> {
            if (seat.writes()) {
                Runnable acknowledged = () -> {
                    saved.accept(true);
                    trace.end();
                };
                edits.take(seat, update, acknowledged, trace);
            } else {
                boolean known = reply && Coverage.contains(document.doc(), update);
                if (!known) {
                    parts.meters().dropped();
                }
                saved.accept(known);
                trace.end();
            }
        });
    }

    /**
     * Passes on what an application says, to everybody else in the document on every node; it is kept nowhere. Who may not
     * write says nothing to others this way either.
     *
     * @param words in UTF-8
     */
    public void say(Seat seat, byte[] words) {
        RoomSettings settings = parts.settings();
        if (words.length > settings.statelessBytes()) {
            parts.meters().met(Limit.STATELESS);
        } else if (!settings.stateless() || !seat.writes()) {
            parts.meters().unsaid();
        } else {
            parts.meters().said();
            audience.say(Messages.stateless(words), seat.peer());
            parts.bus().said(documentId, words);
        }
    }

    /** The same of another node. */
    public void said(byte[] words) {
        audience.say(Messages.stateless(words), null);
    }

    /** Takes what a peer says of its own presence. */
    public void presence(Seat seat, byte[] update) {
        if (!seat.taken()) {
            return;
        }
        guarded(seat, () -> presence.receive(seat, update, System.currentTimeMillis()));
        presenceRounds.changed();
    }

    /** The same of what comes another way than the peer's messages. Throws {@link MalformedFrameException}. */
    public void presenceAside(Seat seat, byte[] update) {
        presence.receive(seat, update, System.currentTimeMillis());
        presenceRounds.changed();
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
        LogTails.Tail tail = parts.tails().of(documentId);
        long now = System.nanoTime();
        boolean idle = seats.isEmpty() && holds == 0;
        return new RoomView(
                name,
                workspaceId,
                generation,
                document.bytes(),
                peers(),
                (int) seats.stream().filter(Seat::writes).count(),
                replica.reached(),
                commits.waiting(),
                commits.lagMs(now),
                presence.size(),
                document.doc().pendingBytes(),
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
        return turns.take(edit);
    }

    /** The live document, for an edit to be worked out on away from the loop; within {@link #inTurn}. */
    public Future<Draft> draft() {
        return loop.whenHere(authoring::draft);
    }

    /** The same of a committed state: what is not committed yet is not in it, and merges with the edit. */
    public Draft draft(CommittedState from) {
        return authoring.draft(from);
    }

    /** Applies an edit that was made on a draft. Completes with its sequence number after the commit. */
    public Future<Long> write(byte[] update, UUID author, @Nullable UUID via) {
        return loop.whenHere(() -> authoring.write(update, author, via));
    }

    /**
     * Applies an edit of a peer that comes another way than its messages: everybody but the peer is told. Completes with its
     * sequence number after the commit.
     */
    public Future<Long> writeAside(Seat seat, byte[] update) {
        if (!seat.busy()) {
            return loop.whenHere(() -> authoring.writeAside(seat, update));
        }
        return Future.failedFuture(Problem.of(ProblemCode.OVERLOADED, "An edit before this one is not placed yet."));
    }

    /** The same with an edit made in the live document itself, by {@code author}. */
    public Future<Long> writeHere(UUID author, @Nullable UUID via, Consumer<Doc> edit) {
        return loop.whenHere(() -> authoring.writeHere(author, via, edit));
    }

    /**
     * Commits an edit that was made on a draft if the log still ends at {@code expectedSeq}, and applies it then. Empty,
     * with nothing written, when anything newer is there.
     */
    public Future<Optional<Long>> writeIf(long expectedSeq, byte[] update, UUID author, @Nullable UUID via) {
        return authoring.writeIf(expectedSeq, update, author, via);
    }

    /** A presence that the server holds; null takes it away. */
    public void hostPresence(long clientId, @Nullable JsonObject presenceState) {
        if (presenceState == null) {
            presence.remove(clientId);
        } else {
            presence.put(clientId, presenceState, System.currentTimeMillis());
        }
        presenceRounds.changed();
    }

    /** The document exactly as committed, once what it holds now is. */
    public Future<CommittedState> committedState() {
        return authoring.committedState();
    }

    /** Is told of every committed update from the next one on, in order, though some may be told twice. */
    public void follow(Consumer<CommittedUpdate> follower) {
        hold();
        replica.follow(follower);
    }

    public void unfollow(Consumer<CommittedUpdate> follower) {
        if (replica.unfollow(follower)) {
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
            close(cause instanceof DocumentGoneException ? gone() : Ending.TRY_LATER);
        });
    }

    /** A committed update from another node. */
    public void received(CommittedUpdate update) {
        loop.run(() -> {
            if (!closed) {
                replica.received(update);
            }
        });
    }

    /** What another node says of the presence of its clients. */
    public void presenceOf(String node, List<PresenceState> states) {
        presence.receive(node, states, System.currentTimeMillis());
        presenceRounds.changed();
    }

    /** All the clients that another node has here. */
    public void presenceOnlyOf(String node, Set<Long> clientIds) {
        presence.retain(node, clientIds);
        presenceRounds.changed();
    }

    /**
     * Has this node's clients say anew where they are: elsewhere it was said that they had left, and who has heard that takes
     * nothing of them under a clock that they have seen. A client that is told that it has itself left answers with its next
     * clock (y-protocols, {@code applyAwarenessUpdate}).
     */
    public void renewPresence() {
        presenceRounds.sayAnew(this::tell);
    }

    /** The presence of this node's clients, and of what it hosts itself. */
    public List<PresenceState> presenceHere() {
        return presence.here();
    }

    /** The log has this head; what the room misses is read. */
    public void compare(long head) {
        loop.run(() -> {
            if (!closed && head > replica.reached() + commits.waiting()) {
                replica.repair();
            }
        });
    }

    /** Reads from the log what the room misses. */
    public Future<Void> repair() {
        return replica.repair();
    }

    // --- life ---

    /** Called every few seconds. */
    void tick(long now) {
        document.tick();
        presenceRounds.tick(now);
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
        commits.drop();
        replica.close();
    }

    /** The log has it no longer. Whoever comes back to a sub-document hears from its root whether that is for good. */
    Ending gone() {
        return name.isSubDocument() ? Ending.TRY_LATER : Ending.NO_DOCUMENT;
    }

    private boolean idle() {
        return seats.isEmpty()
                && holds == 0
                && commits.waiting() == 0
                && System.nanoTime() - idleSince > parts.settings().idle().toNanos();
    }

    // --- for the parts of the room ---

    /** Sends a peer away because a limit is met. */
    void refuse(Seat seat, Limit limit, Ending ending) {
        parts.meters().refused(limit);
        expel(seat, ending);
    }

    /** Runs once everything appended so far is committed, if the peer is still there. */
    void await(Seat seat, Runnable action) {
        if (seat.waits() > WAITS_A_SEAT) {
            refuse(seat, Limit.QUEUE, Ending.TRY_LATER);
            return;
        }
        seat.waits(1);
        commits.await(
                replica.reached(),
                seq -> {
                    seat.waits(-1);
                    if (seat.taken()) {
                        action.run();
                    }
                },
                Room::nothing);
    }

    /** Completes once everything appended so far is committed, with the sequence number of the last of it. */
    Future<Long> awaited() {
        return commits.awaited(replica.reached());
    }

    private void settled(long firstSeq, int count) {
        if (closed) {
            return;
        }
        List<CommittedUpdate> updates = commits.numbered(firstSeq, count);
        replica.committed(updates);
        parts.bus().publish(documentId, generation, firstSeq, updates);
        commits.acknowledge();
        if (replica.gap()) {
            replica.repair();
        }
    }

    /** What a peer asks for keeps its order, also where some of it takes several turns. */
    private void inOrder(Seat seat, int bytes, Runnable action) {
        if (!seat.busy()) {
            action.run();
        } else if (!seat.later(action, bytes)) {
            refuse(seat, Limit.QUEUE, Ending.TRY_LATER);
        }
    }

    /** Does something on a peer's behalf, who is sent away when it fails. */
    void guarded(Seat seat, Runnable action) {
        try {
            action.run();
        } catch (RuntimeException failure) {
            failed(seat, failure);
        }
    }

    void failed(Seat seat, Throwable failure) {
        if (failure instanceof MalformedUpdateException || failure instanceof MalformedFrameException) {
            LOG.debug("a peer of document {} sent: {}", documentId, failure.getMessage());
            if (failure instanceof MalformedUpdateException update && update.isOverBudget()) {
                refuse(seat, Limit.STRUCTS, Ending.UPDATE_TOO_LARGE);
            } else {
                expel(seat, Ending.MALFORMED);
            }
        } else if (failure instanceof Problem) {
            refuse(seat, Limit.QUEUE, Ending.TRY_LATER);
        } else {
            // What is in memory may be half changed; the log is not, and everybody comes back to that.
            LOG.error("document {} leaves memory: an edit could not be applied", documentId, failure);
            expel(seat, Ending.MALFORMED);
            close(Ending.TRY_LATER);
        }
    }

    void tell(Seat seat, Buffer message) {
        if (seat.taken()) {
            audience.tell(seat.peer(), message);
        }
    }

    private static void nothing() {}
}
