package ai.materi.collab.cluster;

import ai.materi.collab.frame.FrameReader;
import ai.materi.collab.frame.MalformedFrameException;
import ai.materi.collab.room.CommittedUpdate;
import ai.materi.collab.room.PresenceState;
import ai.materi.collab.room.Room;
import ai.materi.collab.room.Rooms;
import ai.materi.crdt.MalformedUpdateException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.spi.cluster.ClusterManager;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What this node says to the others and hears of them, from the bus's start to its end. Touched on the bus's loop only. */
final class Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    private static final String ADDRESS = "materi.collab.node.";
    private static final int ACKNOWLEDGE_BYTES = 256 * 1024;
    private static final int HEARTBEATS_TO_MISS = 3;

    /** The clients of a node that is gone have this long to come back at another, before anybody sees them leave. */
    private static final int HEARTBEATS_TO_COME_BACK = 4;

    /** A node that was started again has another id: most of them never come back. */
    private static final int FORGOTTEN = 100;

    private final Vertx vertx;
    private final Context context;
    private final ClusterSettings settings;
    private final BusMeters meters;
    private final Map<String, NodePeer> peers;
    private final Rooms rooms;
    private final ClusterManager cluster;
    private final String self;
    private final Map<String, Long> gone = new HashMap<>();
    private final Set<String> forgotten = new LinkedHashSet<>();
    private MessageConsumer<Object> consumer;
    private long timer;
    private long beatAt = System.nanoTime();
    private long subscribedAt = beatAt;

    /** Made on the bus's loop. */
    Exchange(Vertx vertx, ClusterSettings settings, BusMeters meters, Map<String, NodePeer> peers, Rooms rooms) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.settings = settings;
        this.meters = meters;
        this.peers = peers;
        this.rooms = rooms;
        this.cluster = ((VertxInternal) vertx).clusterManager();
        this.self = cluster.getNodeId();
        this.consumer = subscribe();
    }

    private MessageConsumer<Object> subscribe() {
        return vertx.eventBus().consumer(ADDRESS + self, message -> received(message.body()));
    }

    Future<Void> begin() {
        timer = vertx.setPeriodic(settings.heartbeat().toMillis(), none -> beat());
        return consumer.completion().onSuccess(done -> beat());
    }

    Future<Void> end() {
        vertx.cancelTimer(timer);
        peers.values().forEach(peer -> post(peer, BusMessages.leaving(self)));
        return consumer.unregister();
    }

    // --- heartbeats ---

    private void beat() {
        long now = System.nanoTime();
        // A node that was paused itself has silenced nobody: what was said meanwhile waits to be read.
        boolean late = now - beatAt > missed();
        beatAt = now;
        reconcile();
        forgetGone(now);
        peers.forEach((id, peer) -> {
            if (late) {
                peer.inflow().excuse(now);
            } else if (peer.inflow().isSilent(now, settings.silence().toNanos())) {
                peer.inflow().forget();
                away(id);
            }
            acknowledge(peer);
            peer.mayAsk();
            ask(peer);
        });
        if (now - subscribedAt > missed() && peers.values().stream().anyMatch(peer -> missing(peer, now))) {
            subscribedAt = now;
            subscribeAgain();
        }
    }

    private long missed() {
        return HEARTBEATS_TO_MISS * settings.heartbeat().toNanos();
    }

    private boolean missing(NodePeer peer, long now) {
        return peer.met() && (!peer.inflow().isHeard() || peer.inflow().isSilent(now, missed()));
    }

    /** The new subscription stands before the old one goes; what that had not handed over yet shows as a gap. */
    private void subscribeAgain() {
        MessageConsumer<Object> before = consumer;
        consumer = subscribe();
        consumer.completion().eventually(before::unregister);
    }

    private void reconcile() {
        Set<String> members = new HashSet<>(cluster.getNodes());
        members.remove(self);
        peers.keySet().stream().filter(id -> !members.contains(id)).forEach(this::left);
        members.forEach(
                id -> peers.computeIfAbsent(id, none -> new NodePeer(ADDRESS + id, settings.unacknowledgedBytes())));
    }

    private void left(String id) {
        peers.remove(id);
        gone.put(id, System.nanoTime());
    }

    private void forgetGone(long now) {
        gone.keySet().removeAll(peers.keySet());
        long since = now - HEARTBEATS_TO_COME_BACK * settings.heartbeat().toNanos();
        List<String> over = gone.entrySet().stream()
                .filter(one -> one.getValue() - since < 0)
                .map(Map.Entry::getKey)
                .toList();
        over.forEach(id -> {
            gone.remove(id);
            away(id);
        });
    }

    /** The clients of a node that is not heard any more are taken to have left. */
    private void away(String id) {
        LOG.info("node {} is away", id);
        rooms.forEach(room -> room.presenceOnlyOf(id, Set.of()));
        forgotten.add(id);
        if (forgotten.size() > FORGOTTEN) {
            forgotten.remove(forgotten.iterator().next());
        }
    }

    private void acknowledge(NodePeer peer) {
        peer.inflow().acknowledge();
        post(peer, BusMessages.heartbeat(self, peer.outflow(), peer.inflow()));
    }

    // --- what is sent ---

    void tellAll(int type, byte[] body) {
        peers.values().stream().filter(NodePeer::met).forEach(peer -> tell(peer, type, body));
    }

    private void tell(NodePeer peer, int type, byte[] body) {
        if (peer.outflow().admit(body.length)) {
            post(peer, BusMessages.numbered(self, type, peer.outflow(), body));
        } else {
            meters.withheld();
        }
    }

    private void ask(NodePeer peer) {
        List<UUID> documents = peer.nextToAsk();
        if (!documents.isEmpty()) {
            int question = peer.question();
            BusMessages.whoIsThere(documents).forEach(body -> tell(peer, question, body));
        }
    }

    private void answer(String id, UUID documentId, List<PresenceState> here) {
        NodePeer peer = peers.get(id);
        if (peer != null) {
            tell(peer, BusMessages.CLIENTS, BusMessages.clients(documentId, here));
            BusMessages.presence(documentId, here).forEach(body -> tell(peer, BusMessages.PRESENCE, body));
        }
    }

    private void post(NodePeer peer, Buffer message) {
        vertx.eventBus().send(peer.address(), message);
    }

    // --- what is received ---

    private void received(Object message) {
        try {
            if (!(message instanceof Buffer bytes)) {
                throw new MalformedFrameException("a message that is no buffer");
            }
            FrameReader reader = new FrameReader(bytes);
            String sender = BusMessages.sender(reader);
            if (!peers.containsKey(sender)) {
                reconcile();
            }
            NodePeer peer = peers.get(sender);
            if (peer != null) {
                received(sender, peer, reader, bytes.length());
            }
        } catch (MalformedFrameException malformed) {
            malformed(malformed);
        }
    }

    private void received(String sender, NodePeer peer, FrameReader reader, int length) {
        int type = reader.type();
        if (type == BusMessages.LEAVING) {
            left(sender);
            return;
        }
        long stream = reader.varUint();
        long number = reader.varUint();
        boolean first = !peer.met();
        peer.meet();
        if (forgotten.remove(sender)) {
            LOG.info("node {} is back", sender);
            peer.returns();
        }
        if (type == BusMessages.HEARTBEAT) {
            heartbeat(peer, stream, number, reader);
        } else {
            message(peer, stream, number, length);
            deliver(sender, type, reader);
        }
        if (first || peer.inflow().unacknowledged() > ACKNOWLEDGE_BYTES) {
            acknowledge(peer);
        }
    }

    private void heartbeat(NodePeer peer, long stream, long last, FrameReader reader) {
        if (peer.inflow().heartbeat(stream, last, System.nanoTime())) {
            missedSomething(peer);
        }
        if (peer.outflow().acknowledged(reader.varUint(), reader.varUint())) {
            acknowledge(peer);
        }
    }

    private void message(NodePeer peer, long stream, long number, int length) {
        if (peer.inflow().message(stream, number, length, System.nanoTime())) {
            missedSomething(peer);
        }
    }

    private void missedSomething(NodePeer peer) {
        meters.gap();
        rooms.compareHeads();
        peer.toAsk(rooms.documents());
        ask(peer);
    }

    private void deliver(String sender, int type, FrameReader reader) {
        switch (type) {
            case BusMessages.UPDATES -> rooms.ifOpen(BusMessages.id(reader), room -> update(room, reader));
            case BusMessages.PRESENCE -> rooms.ifOpen(BusMessages.id(reader), room -> presence(sender, room, reader));
            case BusMessages.CLIENTS -> {
                UUID documentId = BusMessages.id(reader);
                answered(sender, documentId);
                rooms.ifOpen(documentId, room -> clients(sender, room, reader));
            }
            case BusMessages.WORDS -> rooms.ifOpen(BusMessages.id(reader), room -> words(room, reader));
            case BusMessages.WHO_IS_THERE ->
                BusMessages.documents(reader).forEach(documentId -> whoIsThere(sender, documentId));
            case BusMessages.WHO_IS_THERE_ANEW ->
                BusMessages.documents(reader).forEach(documentId -> {
                    rooms.ifOpen(documentId, Room::renewPresence);
                    whoIsThere(sender, documentId);
                });
            default -> throw new MalformedFrameException("a message of an unknown type");
        }
    }

    private void answered(String sender, UUID documentId) {
        NodePeer peer = peers.get(sender);
        if (peer != null) {
            peer.answered(documentId);
        }
    }

    private void whoIsThere(String sender, UUID documentId) {
        boolean open = rooms.ifOpen(documentId, room -> {
            List<PresenceState> here = room.presenceHere();
            context.runOnContext(none -> answer(sender, documentId, here));
        });
        if (!open) {
            answer(sender, documentId, List.of());
        }
    }

    private void presence(String sender, Room room, FrameReader reader) {
        try {
            room.presenceOf(sender, BusMessages.presence(reader));
        } catch (MalformedFrameException malformed) {
            malformed(malformed);
        }
    }

    private void clients(String sender, Room room, FrameReader reader) {
        try {
            room.presenceOnlyOf(sender, BusMessages.clients(reader));
        } catch (MalformedFrameException malformed) {
            malformed(malformed);
        }
    }

    private void words(Room room, FrameReader reader) {
        try {
            room.said(reader.bytes());
        } catch (MalformedFrameException malformed) {
            malformed(malformed);
        }
    }

    private void update(Room room, FrameReader reader) {
        try {
            if (room.generation() == reader.varUint()) {
                long lastSeq = reader.varUint();
                List<CommittedUpdate> updates = BusMessages.updates(lastSeq, reader);
                updates.forEach(room::received);
                room.compare(lastSeq);
            }
        } catch (MalformedFrameException | MalformedUpdateException malformed) {
            malformed(malformed);
            room.repair().onFailure(failure -> LOG.debug("and it failed", failure));
        }
    }

    private void malformed(RuntimeException malformed) {
        meters.malformed();
        LOG.debug("a message from another node is ignored: {}", malformed.getMessage());
    }
}
