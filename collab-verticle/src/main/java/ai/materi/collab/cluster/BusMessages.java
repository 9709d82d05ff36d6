package ai.materi.collab.cluster;

import ai.materi.collab.frame.FrameReader;
import ai.materi.collab.frame.FrameWriter;
import ai.materi.collab.frame.MalformedFrameException;
import ai.materi.collab.room.CommittedUpdate;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What nodes say to each other, as lib0 writes strings, integers and byte arrays. Each message is the sender's id, a type,
 * and what belongs to it:
 *
 * <ul>
 *   <li>heartbeat: the sender's stream, the last number in it, the receiver's stream and the number reached in that;
 *   <li>leaving: nothing;
 *   <li>everything else: the sender's stream, a number one above the last, and a body that begins with a document's id.
 * </ul>
 *
 * Reading throws {@link MalformedFrameException}.
 */
final class BusMessages {
    static final int HEARTBEAT = 0;
    static final int LEAVING = 1;
    static final int UPDATES = 2;

    private static final int ID_LENGTH = 64;
    private static final int HEAD = 128;
    private static final int MAX_UPDATES = 1_000_000;

    private BusMessages() {}

    static Buffer heartbeat(String sender, Outflow outflow, Inflow inflow) {
        return head(sender, HEARTBEAT, outflow.stream(), 0)
                .varUint(outflow.last())
                .varUint(inflow.stream())
                .varUint(inflow.reached())
                .toBuffer();
    }

    static Buffer leaving(String sender) {
        return new FrameWriter(HEAD).string(sender).varUint(LEAVING).toBuffer();
    }

    static Buffer numbered(String sender, int type, Outflow outflow, byte[] body) {
        return head(sender, type, outflow.stream(), body.length)
                .varUint(outflow.last())
                .raw(body)
                .toBuffer();
    }

    private static FrameWriter head(String sender, int type, long stream, int more) {
        return new FrameWriter(HEAD + more).string(sender).varUint(type).varUint(stream);
    }

    /** Committed updates; those that together are large are only announced, since the log is read sooner than they come. */
    static byte[] updates(UUID documentId, int generation, long firstSeq, List<CommittedUpdate> updates) {
        int size = updates.stream().mapToInt(update -> update.update().length).sum();
        List<CommittedUpdate> sent = size <= MAX_UPDATES ? updates : List.of();
        FrameWriter writer = new FrameWriter(size <= MAX_UPDATES ? size + HEAD : HEAD)
                .string(documentId.toString())
                .varUint(generation)
                .varUint(firstSeq + updates.size() - 1)
                .varUint(sent.size());
        sent.forEach(update -> writer.string(String.valueOf(update.author())).bytes(update.update()));
        return writer.toBytes();
    }

    static String sender(FrameReader reader) {
        return reader.string(ID_LENGTH);
    }

    static UUID id(FrameReader reader) {
        try {
            return UUID.fromString(reader.string(ID_LENGTH));
        } catch (IllegalArgumentException malformed) {
            throw new MalformedFrameException("an id is no UUID");
        }
    }

    /** The updates up to this sequence number that the rest of a body of {@link #UPDATES} holds. */
    static List<CommittedUpdate> updates(long lastSeq, FrameReader reader) {
        long count = reader.varUint();
        List<CommittedUpdate> updates = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            UUID author = id(reader);
            updates.add(new CommittedUpdate(lastSeq - count + 1 + i, reader.bytes(), author));
        }
        return updates;
    }
}
