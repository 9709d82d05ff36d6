package ai.materi.collab.cluster;

import ai.materi.collab.frame.FrameReader;
import ai.materi.collab.frame.FrameWriter;
import ai.materi.collab.frame.MalformedFrameException;
import ai.materi.collab.room.CommittedUpdate;
import ai.materi.collab.room.Room;
import ai.materi.collab.room.RoomBus;
import ai.materi.collab.room.Rooms;
import ai.materi.crdt.MalformedUpdateException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Committed updates on the event bus: one address for the cluster, which each node registers once, and raw buffers. A
 * message is the sender's node id, the document, its generation, the first sequence number and the updates with their
 * authors, as lib0 writes strings, integers and byte arrays. Nothing here is relied on: a room that sees a gap, or is
 * behind when heads are compared, reads the log.
 */
public final class ClusterBus implements RoomBus {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterBus.class);
    private static final String ADDRESS = "materi.collab.updates";
    private static final int ID_LENGTH = 64;
    private static final int MAX_BYTES = 1_000_000;

    private final Vertx vertx;
    private final String nodeId;
    private @Nullable MessageConsumer<Buffer> consumer;

    public ClusterBus(Vertx vertx, String nodeId) {
        this.vertx = vertx;
        this.nodeId = nodeId;
    }

    /** Takes what other nodes committed to the rooms of this one. */
    public Future<Void> listen(Rooms rooms) {
        MessageConsumer<Buffer> listening = vertx.eventBus().consumer(ADDRESS);
        consumer = listening;
        listening.handler(message -> receive(message, rooms));
        return listening.completion();
    }

    public Future<Void> stop() {
        return consumer == null ? Future.succeededFuture() : consumer.unregister();
    }

    @Override
    public void publish(UUID documentId, int generation, long firstSeq, List<CommittedUpdate> updates) {
        int size = updates.stream().mapToInt(update -> update.update().length).sum();
        // What is large is read from the log sooner than it would come through the bus.
        if (vertx.isClustered() && size <= MAX_BYTES) {
            FrameWriter writer = new FrameWriter(size + 256)
                    .string(nodeId)
                    .string(documentId.toString())
                    .varUint(generation)
                    .varUint(firstSeq)
                    .varUint(updates.size());
            updates.forEach(
                    update -> writer.string(String.valueOf(update.author())).bytes(update.update()));
            vertx.eventBus().publish(ADDRESS, writer.toBuffer());
        }
    }

    private void receive(Message<Buffer> message, Rooms rooms) {
        FrameReader reader = new FrameReader(message.body());
        if (reader.string(ID_LENGTH).equals(nodeId)) {
            return;
        }
        UUID documentId = UUID.fromString(reader.string(ID_LENGTH));
        long generation = reader.varUint();
        rooms.ifOpen(documentId, room -> deliver(room, generation, reader));
    }

    private static void deliver(Room room, long generation, FrameReader reader) {
        if (room.generation() != generation) {
            return;
        }
        try {
            updates(reader).forEach(room::received);
        } catch (MalformedFrameException | MalformedUpdateException malformed) {
            LOG.warn("document {} is read from the log instead: {}", room.documentId(), malformed.getMessage());
            room.repair().onFailure(failure -> LOG.debug("and it failed", failure));
        }
    }

    private static List<CommittedUpdate> updates(FrameReader reader) {
        long seq = reader.varUint();
        long count = reader.varUint();
        List<CommittedUpdate> updates = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            UUID author = UUID.fromString(reader.string(ID_LENGTH));
            updates.add(new CommittedUpdate(seq + i, reader.bytes(), author));
        }
        return updates;
    }
}
