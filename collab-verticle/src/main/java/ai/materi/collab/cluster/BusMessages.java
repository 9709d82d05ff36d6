package ai.materi.collab.cluster;

import ai.materi.collab.frame.FrameReader;
import ai.materi.collab.frame.FrameWriter;
import ai.materi.collab.frame.MalformedFrameException;
import ai.materi.collab.room.CommittedUpdate;
import ai.materi.collab.room.PresenceState;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What nodes say to each other, as lib0 writes strings, integers and byte arrays. Each message is the sender's id, a type,
 * and what belongs to it:
 *
 * <ul>
 *   <li>heartbeat: the sender's stream, the last number in it, the receiver's stream and the number reached in that;
 *   <li>leaving: nothing;
 *   <li>everything else: the sender's stream, a number one above the last, and a body.
 * </ul>
 *
 * Bodies are: updates of a document; states of presence in a document; all the clients that the sender has in a document;
 * documents in which the receiver is to say who is there, with the latter and then the former; documents in which, besides,
 * its clients are to say anew where they are; what an application says in a document.
 *
 * Reading throws {@link MalformedFrameException}.
 */
final class BusMessages {
    static final int HEARTBEAT = 0;
    static final int LEAVING = 1;
    static final int UPDATES = 2;
    static final int PRESENCE = 3;
    static final int CLIENTS = 4;
    static final int WHO_IS_THERE = 5;
    static final int WHO_IS_THERE_ANEW = 6;
    static final int WORDS = 7;

    private static final int ID_LENGTH = 64;
    private static final int HEAD = 128;
    private static final int MAX_UPDATES = 1_000_000;
    private static final int MAX_PRESENCE = 64 * 1024;
    private static final int MAX_DOCUMENTS = 1_000;
    private static final byte[] GONE = {};

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

    /** States of presence, in messages of a limited size. */
    static List<byte[]> presence(UUID documentId, List<PresenceState> states) {
        List<byte[]> bodies = new ArrayList<>();
        int from = 0;
        int size = 0;
        for (int i = 0; i < states.size(); i++) {
            byte[] json = states.get(i).json();
            size += HEAD + (json == null ? 0 : json.length);
            if (size > MAX_PRESENCE || i + 1 == states.size()) {
                bodies.add(presence(documentId, states.subList(from, i + 1), size));
                from = i + 1;
                size = 0;
            }
        }
        return bodies;
    }

    private static byte[] presence(UUID documentId, List<PresenceState> states, int size) {
        FrameWriter writer =
                new FrameWriter(size + HEAD).string(documentId.toString()).varUint(states.size());
        for (PresenceState state : states) {
            writer.varUint(state.clientId())
                    .varUint(state.clock())
                    .bytes(Objects.requireNonNullElse(state.json(), GONE))
                    .string(state.user() == null ? "" : state.user().toString());
        }
        return writer.toBytes();
    }

    static byte[] words(UUID documentId, byte[] words) {
        return new FrameWriter(HEAD + words.length)
                .string(documentId.toString())
                .bytes(words)
                .toBytes();
    }

    static byte[] clients(UUID documentId, List<PresenceState> states) {
        FrameWriter writer = new FrameWriter(HEAD + 9 * states.size())
                .string(documentId.toString())
                .varUint(states.size());
        states.forEach(state -> writer.varUint(state.clientId()));
        return writer.toBytes();
    }

    /** Questions about so many documents, in messages of a limited size. */
    static List<byte[]> whoIsThere(List<UUID> documents) {
        List<byte[]> bodies = new ArrayList<>();
        for (int from = 0; from < documents.size(); from += MAX_DOCUMENTS) {
            List<UUID> some = documents.subList(from, Math.min(documents.size(), from + MAX_DOCUMENTS));
            FrameWriter writer = new FrameWriter(HEAD + 37 * some.size()).varUint(some.size());
            some.forEach(document -> writer.string(document.toString()));
            bodies.add(writer.toBytes());
        }
        return bodies;
    }

    static String sender(FrameReader reader) {
        return reader.string(ID_LENGTH);
    }

    static UUID id(FrameReader reader) {
        return id(reader.string(ID_LENGTH));
    }

    private static @Nullable UUID idOrNone(FrameReader reader) {
        String id = reader.string(ID_LENGTH);
        return id.isEmpty() ? null : id(id);
    }

    private static UUID id(String id) {
        try {
            return UUID.fromString(id);
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

    static List<PresenceState> presence(FrameReader reader) {
        long count = reader.varUint();
        List<PresenceState> states = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            long clientId = reader.varUint();
            long clock = reader.varUint();
            byte[] json = reader.bytes();
            states.add(new PresenceState(clientId, clock, json.length == 0 ? null : json, idOrNone(reader)));
        }
        return states;
    }

    static Set<Long> clients(FrameReader reader) {
        long count = reader.varUint();
        Set<Long> clientIds = new HashSet<>();
        for (long i = 0; i < count; i++) {
            clientIds.add(reader.varUint());
        }
        return clientIds;
    }

    static List<UUID> documents(FrameReader reader) {
        long count = reader.varUint();
        if (count > MAX_DOCUMENTS) {
            throw new MalformedFrameException("too many documents are asked about at once");
        }
        List<UUID> documents = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            documents.add(id(reader));
        }
        return documents;
    }
}
