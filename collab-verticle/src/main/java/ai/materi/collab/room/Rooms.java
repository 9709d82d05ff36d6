package ai.materi.collab.room;

import ai.materi.collab.document.Admission;
import ai.materi.collab.document.DocumentName;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The live documents of this node. May be called on any thread. */
public final class Rooms {
    private static final Logger LOG = LoggerFactory.getLogger(Rooms.class);
    private static final int TRIES = 3;
    private static final long TICK_MS = 3_000;
    private static final int HEADS_A_QUERY = 5_000;

    private final Loops loops;
    private final Loader loader;
    private final RoomParts parts;
    private final SubDocuments subDocuments;
    private final ConcurrentHashMap<UUID, Future<Room>> rooms = new ConcurrentHashMap<>();
    private final AtomicBoolean comparing = new AtomicBoolean();
    private long tickTimer;
    private long headsTimer;

    public Rooms(Loops loops, Loader loader, RoomParts parts, SubDocuments subDocuments) {
        this.loops = loops;
        this.loader = loader;
        this.parts = parts;
        this.subDocuments = subDocuments;
        parts.meters().rooms(rooms::size);
    }

    public void start() {
        tickTimer = parts.vertx().setPeriodic(TICK_MS, timer -> {
            long now = System.currentTimeMillis();
            forEach(room -> room.tick(now));
        });
        headsTimer = parts.vertx().setPeriodic(parts.settings().headsInterval().toMillis(), timer -> compareHeads());
    }

    public void stop() {
        parts.vertx().cancelTimer(tickTimer);
        parts.vertx().cancelTimer(headsTimer);
    }

    /**
     * Opens a document and works with it on its loop. The result arrives on that loop. Fails with {@code overloaded} when
     * this node is full, {@code unavailable} when the document cannot be read now, and {@code conflict} when it would be one
     * sub-document too many.
     */
    public <T> Future<T> with(Admission admission, Function<Room, Future<T>> work) {
        return with(admission, work, TRIES);
    }

    /** Makes sure that what somebody writes in an open document can be stored. Fails as {@link #with}. */
    public Future<Void> stored(Admission admission) {
        boolean nowhere = admission.writes() && subDocuments.isNowhere(admission.documentId());
        return nowhere ? subDocuments.store(admission) : Future.succeededFuture();
    }

    /** Works with a room that was opened before; {@code unavailable} when it was closed meanwhile. */
    public <T> Future<T> on(Room room, Supplier<Future<T>> work) {
        return onLoop(room, opened -> work.get()).recover(failure -> Future.failedFuture(refusal(failure)));
    }

    /** Every open room, each on its own loop. */
    public void forEach(Consumer<Room> action) {
        forEach(room -> true, action);
    }

    private void forEach(Predicate<Room> which, Consumer<Room> action) {
        for (Future<Room> opened : rooms.values()) {
            if (opened.succeeded() && which.test(opened.result())) {
                Room room = opened.result();
                room.loop().run(() -> {
                    if (!room.isClosed()) {
                        action.accept(room);
                    }
                });
            }
        }
    }

    /** The open rooms of a document and its sub-documents, each on its own loop. */
    public void under(UUID root, Consumer<Room> action) {
        ifOpen(root, action);
        if (subDocuments.anyLive(root)) {
            forEach(room -> room.name().isSubDocument() && room.name().root().equals(root), action);
        }
    }

    /** A document's room, on its loop, if it is open here; false when it is not. */
    public boolean ifOpen(UUID documentId, Consumer<Room> action) {
        Future<Room> opened = rooms.get(documentId);
        if (opened == null || !opened.succeeded()) {
            return false;
        }
        opened.result().loop().run(() -> action.accept(opened.result()));
        return true;
    }

    /** The documents that are open here. */
    public List<UUID> documents() {
        return rooms.entrySet().stream()
                .filter(entry -> entry.getValue().succeeded())
                .map(entry -> entry.getKey())
                .toList();
    }

    /** What each open room is like. Fails with {@code timed_out} when an event loop has not answered within so long. */
    public Future<List<RoomView>> views(long withinMs) {
        List<Future<Optional<RoomView>>> views = rooms.values().stream()
                .filter(Future::succeeded)
                .map(opened -> view(opened.result()))
                .toList();
        return inTime(Future.all(views), withinMs)
                .map(done -> views.stream()
                        .map(Future::result)
                        .flatMap(Optional::stream)
                        .toList());
    }

    /** What one room is like; empty when the document is not open here. Fails as {@link #views}. */
    public Future<Optional<RoomView>> view(UUID documentId, long withinMs) {
        Future<Room> opened = rooms.get(documentId);
        return opened == null || !opened.succeeded()
                ? Future.succeededFuture(Optional.empty())
                : inTime(view(opened.result()), withinMs);
    }

    private static Future<Optional<RoomView>> view(Room room) {
        Promise<Optional<RoomView>> promise = Promise.promise();
        room.loop().post(() -> promise.complete(room.isClosed() ? Optional.empty() : Optional.of(room.view())));
        return promise.future();
    }

    private static <T> Future<T> inTime(Future<T> answer, long withinMs) {
        return answer.timeout(withinMs, TimeUnit.MILLISECONDS)
                .recover(failure -> Future.failedFuture(
                        Problem.of(ProblemCode.TIMED_OUT, "An event loop of this node does not answer in time.")));
    }

    /** Compares what the rooms hold with the log; whatever misses something reads it. */
    public Future<Void> compareHeads() {
        List<UUID> open = documents();
        if (open.isEmpty() || !comparing.compareAndSet(false, true)) {
            return Future.succeededFuture();
        }
        Future<Void> all = Future.succeededFuture();
        for (int from = 0; from < open.size(); from += HEADS_A_QUERY) {
            List<UUID> some = open.subList(from, Math.min(open.size(), from + HEADS_A_QUERY));
            all = all.compose(done -> compareHeads(some));
        }
        return all.onFailure(failure -> LOG.debug("heads are not compared", failure))
                .onComplete(done -> comparing.set(false));
    }

    private Future<Void> compareHeads(Collection<UUID> documents) {
        return parts.tables().heads(List.copyOf(documents)).map(heads -> {
            heads.forEach((document, head) -> ifOpen(document, room -> room.compare(head)));
            return null;
        });
    }

    private <T> Future<T> with(Admission admission, Function<Room, Future<T>> work, int tries) {
        return open(admission)
                .compose(room -> stored(admission).compose(done -> onLoop(room, work)))
                .recover(failure -> failure instanceof RoomClosedException && tries > 1
                        ? with(admission, work, tries - 1)
                        : Future.failedFuture(refusal(failure)));
    }

    private static <T> Future<T> onLoop(Room room, Function<Room, Future<T>> work) {
        Promise<T> promise = Promise.promise();
        room.loop().run(() -> entered(room, work).onComplete(promise));
        return promise.future();
    }

    private static <T> Future<T> entered(Room room, Function<Room, Future<T>> work) {
        if (room.isClosed()) {
            return Future.failedFuture(new RoomClosedException());
        }
        try {
            return work.apply(room);
        } catch (RuntimeException failure) {
            return Future.failedFuture(failure);
        }
    }

    private static Throwable refusal(Throwable failure) {
        return failure instanceof RoomClosedException
                ? Problem.of(ProblemCode.UNAVAILABLE, "The document is not available just now.")
                : failure;
    }

    private Future<Room> open(Admission admission) {
        UUID documentId = admission.documentId();
        Promise<Room> mine = Promise.promise();
        Future<Room> there = rooms.putIfAbsent(documentId, mine.future());
        if (there != null) {
            return there;
        }
        if (rooms.size() > parts.settings().max()) {
            parts.meters().met(Limit.ROOMS);
            rooms.remove(documentId, mine.future());
            mine.fail(Problem.of(ProblemCode.OVERLOADED, "Too many documents are open on this node."));
        } else if (!subDocuments.enter(admission.name())) {
            rooms.remove(documentId, mine.future());
            mine.fail(Problem.of(ProblemCode.OVERLOADED, "Too many sub-documents of this document are open."));
        } else {
            load(admission, mine);
        }
        return mine.future();
    }

    private void load(Admission admission, Promise<Room> promise) {
        UUID documentId = admission.documentId();
        EventLoop loop = loops.assign();
        loader.load(admission)
                .onComplete(loaded -> loop.run(() -> {
                    if (loaded.failed()) {
                        forget(admission.name(), promise.future(), loop);
                        promise.fail(loaded.cause());
                        return;
                    }
                    Room room = new Room(loaded.result(), loop, parts);
                    if (!loaded.result().stored()) {
                        subDocuments.nowhere(documentId);
                    }
                    room.onClosed(() -> forget(admission.name(), promise.future(), loop));
                    promise.complete(room);
                    parts.bus().opened(documentId);
                }));
    }

    private void forget(DocumentName name, Future<Room> room, EventLoop loop) {
        loop.release();
        subDocuments.leave(name);
        rooms.remove(name.id(), room);
    }
}
