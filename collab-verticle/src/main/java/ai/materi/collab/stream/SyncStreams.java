package ai.materi.collab.stream;

import ai.materi.collab.access.Gate;
import ai.materi.collab.document.Admission;
import ai.materi.collab.document.DocumentName;
import ai.materi.collab.frame.MalformedFrameException;
import ai.materi.collab.log.LogTables;
import ai.materi.collab.room.Ending;
import ai.materi.collab.room.Loop;
import ai.materi.collab.room.Loops;
import ai.materi.collab.room.Rooms;
import ai.materi.crdt.MalformedUpdateException;
import ai.materi.platform.call.CallContext;
import ai.materi.platform.call.Principal;
import ai.materi.platform.node.Node;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.collab.v1.SyncOpen;
import ai.materi.proto.collab.v1.SyncReply;
import ai.materi.proto.collab.v1.SyncRequest;
import io.micrometer.core.instrument.Gauge;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.streams.ReadStream;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The open streams of this node. What a caller says beside its stream, by a call of its own, may arrive at any node: the
 * stream's id names the node that holds it, and that node lets the stream's seat say it.
 */
public final class SyncStreams {
    private static final long TICK_MS = 1_000;
    private static final int ID_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Vertx vertx;
    private final Loops loops;
    private final Gate gate;
    private final Rooms rooms;
    private final StreamSettings settings;
    private final SyncStream.Parts parts;
    private final String nodeId;
    private final AsideBus bus;
    private final Map<String, SyncStream> streams = new ConcurrentHashMap<>();
    private volatile boolean dismissing;
    private long timer;

    public SyncStreams(Node node, Loops loops, Gate gate, Rooms rooms, LogTables tables, StreamSettings settings) {
        this.vertx = node.vertx();
        this.loops = loops;
        this.gate = gate;
        this.rooms = rooms;
        this.settings = settings;
        this.parts = new SyncStream.Parts(gate, tables, settings, stream -> streams.remove(stream.id()));
        this.nodeId = node.nodeId();
        this.bus = new AsideBus(vertx, nodeId, settings.asideWithin());
        Gauge.builder("materi.collab.streams", streams::size)
                .description("Open streams, of gRPC callers and of event streams")
                .register(node.meters());
    }

    /** Takes in what other nodes were told beside streams of this one. */
    public Future<Void> start() {
        timer = vertx.setPeriodic(TICK_MS, tick -> {
            long now = System.currentTimeMillis();
            streams.values().forEach(stream -> stream.loop().run(() -> stream.tick(now)));
        });
        return bus.listen(this::here);
    }

    public void stop() {
        vertx.cancelTimer(timer);
    }

    /** Sends everybody elsewhere. */
    public Future<Void> dismiss() {
        dismissing = true;
        streams.values().forEach(stream -> stream.loop().run(() -> stream.end(Ending.GOING_AWAY)));
        return Future.succeededFuture();
    }

    /** Opens the document that the first request names, for the caller of the current call. */
    public Future<ReadStream<SyncReply>> open(ReadStream<SyncRequest> requests) {
        if (dismissing) {
            return Future.failedFuture(Problem.of(ProblemCode.DRAINING, "This node is shutting down."));
        }
        if (streams.size() >= settings.streams()) {
            return Future.failedFuture(Problem.of(ProblemCode.OVERLOADED, "Too many streams are open on this node."));
        }
        CallContext caller = CallContext.current();
        Principal principal = caller.requirePrincipal();
        Loop loop = loops.current();
        Incoming incoming = new Incoming(loop, requests, settings.updateBytes());
        SyncStream stream = new SyncStream(freshId(), loop, parts, incoming, principal, caller.token());
        return incoming.opening(vertx, settings.openWithin())
                .compose(open -> document(open)
                        .compose(document -> gate.admit(principal, caller.token(), document))
                        .compose(admission -> attached(stream, admission, open)));
    }

    private Future<ReadStream<SyncReply>> attached(SyncStream stream, Admission admission, SyncOpen open) {
        return rooms.with(admission, room -> {
            streams.put(stream.id(), stream);
            try {
                return Future.succeededFuture(stream.attach(room, admission.writes(), open));
            } catch (RuntimeException refused) {
                streams.remove(stream.id());
                throw refused;
            }
        });
    }

    private static Future<DocumentName> document(SyncOpen open) {
        DocumentName document = DocumentName.parse(open.getDocumentId());
        return document == null
                ? Future.failedFuture(Problem.of(ProblemCode.NOT_FOUND, "There is no such document."))
                : Future.succeededFuture(document);
    }

    private String freshId() {
        byte[] random = new byte[ID_BYTES];
        RANDOM.nextBytes(random);
        return nodeId + "." + HexFormat.of().formatHex(random);
    }

    // --- beside a stream ---

    /** An edit in the name of a stream, wherever it is. Completes after the commit. */
    public Future<Written> write(Aside aside) {
        if (aside.payload().length > settings.updateBytes()) {
            return Future.failedFuture(
                    Problem.of(ProblemCode.TOO_LARGE, "One update has at most " + settings.updateBytes() + " bytes."));
        }
        return somewhere(aside);
    }

    /** Something of the presence of a stream's client. */
    public Future<Void> presence(Aside aside) {
        return somewhere(aside).mapEmpty();
    }

    private Future<Written> somewhere(Aside aside) {
        String node = aside.node();
        return node.equals(nodeId) ? here(aside) : bus.ask(node, aside);
    }

    private Future<Written> here(Aside aside) {
        SyncStream stream = streams.get(aside.streamId());
        if (stream == null) {
            return Future.failedFuture(Aside.gone());
        }
        Promise<SyncStream.Place> place = Promise.promise();
        stream.loop().run(() -> place.handle(place(stream, aside)));
        return place.future().compose(at -> rooms.on(at.room(), () -> said(at, aside)));
    }

    private static Future<SyncStream.Place> place(SyncStream stream, Aside aside) {
        SyncStream.Place place = stream.place();
        return place == null
                        || !place.room().documentId().equals(aside.documentId())
                        || !stream.principal().userId().equals(aside.userId())
                ? Future.failedFuture(Aside.gone())
                : Future.succeededFuture(place);
    }

    /** On the room's loop. */
    private static Future<Written> said(SyncStream.Place at, Aside aside) {
        if (!at.seat().taken()) {
            return Future.failedFuture(Aside.gone());
        }
        return Future.<Void>succeededFuture()
                .compose(now -> switch (aside.kind()) {
                    case UPDATE -> written(at, aside.payload());
                    case PRESENCE -> {
                        at.room().presenceAside(at.seat(), aside.payload());
                        yield Future.succeededFuture(
                                new Written(at.room().generation(), at.room().reached()));
                    }
                })
                .recover(failure -> Future.failedFuture(refusal(failure)));
    }

    private static Throwable refusal(Throwable failure) {
        return failure instanceof MalformedUpdateException || failure instanceof MalformedFrameException
                ? Problem.of(
                        ProblemCode.CONTENT_INVALID,
                        "This is not what the protocol of Yjs says: " + failure.getMessage())
                : failure;
    }

    private static Future<Written> written(SyncStream.Place at, byte[] update) {
        if (!at.seat().writes()) {
            return Future.failedFuture(
                    Problem.of(ProblemCode.FORBIDDEN, "You may read this document, but not write in it."));
        }
        return at.room()
                .writeAside(at.seat(), update)
                .map(sequence -> new Written(at.room().generation(), sequence));
    }
}
