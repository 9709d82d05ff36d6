package ai.materi.collab.room;

import ai.materi.collab.frame.FrameReader;
import ai.materi.collab.frame.FrameWriter;
import ai.materi.collab.frame.MalformedFrameException;
import ai.materi.platform.call.Principal;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Who is in a document and where: the awareness protocol of y-protocols 1.0. A state belongs to the socket that uses its
 * client id, and a client id to the first user whose socket used it. Clients send back whatever they receive, so ids of
 * others are skipped without being looked at. Who somebody is (id, name, colour, agent or not) the server writes into
 * each state itself. Changes gather until {@link #drain()} sends them on.
 */
final class Presence {
    private static final byte[] NULL = "null".getBytes(StandardCharsets.UTF_8);
    private static final int IDS_A_SOCKET = 4;

    private final int maxBytes;
    private final RoomMeters meters;
    private final Map<Long, UUID> claims;
    private final BiConsumer<Long, UUID> claimed;
    private final Map<Long, State> states = new HashMap<>();
    private final Map<Long, Long> removed = new HashMap<>();
    private final Set<Long> changed = new LinkedHashSet<>();

    /** @param owner null when the server itself holds it */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record State(long clock, byte[] json, @Nullable Seat owner, long seenAt) {}

    /**
     * @param claims known so far, by client id
     * @param claimed is told of each new one
     */
    Presence(int maxBytes, RoomMeters meters, Map<Long, UUID> claims, BiConsumer<Long, UUID> claimed) {
        this.maxBytes = maxBytes;
        this.meters = meters;
        this.claims = claims;
        this.claimed = claimed;
    }

    /** Takes what a socket says of its own presence. Throws {@link MalformedFrameException}. */
    void receive(Seat seat, byte[] update, long now) {
        FrameReader reader = new FrameReader(Buffer.buffer(update));
        long count = reader.varUint();
        for (long i = 0; i < count; i++) {
            long clientId = reader.varUint();
            long clock = reader.varUint();
            Buffer json = reader.slice();
            if (owns(seat, clientId, clock)) {
                accept(seat, clientId, clock, json, now);
            }
        }
    }

    /** A socket is gone, and its presence with it. */
    void leave(Seat seat) {
        for (long clientId : seat.clientIds()) {
            State state = states.get(clientId);
            if (state != null && state.owner() == seat) {
                remove(clientId, state.clock());
            }
        }
    }

    /** A presence that the server itself holds, e.g. of an agent that writes; again with each change of it. */
    void put(long clientId, JsonObject state, long now) {
        State before = states.get(clientId);
        set(clientId, new State(before == null ? 1 : before.clock() + 1, encode(state), null, now));
    }

    void remove(long clientId) {
        State state = states.get(clientId);
        if (state != null) {
            remove(clientId, state.clock());
        }
    }

    /** Says again what the server itself holds, since clients forget what was not renewed for 30 s. */
    void renew(long now) {
        states.replaceAll((clientId, state) -> {
            if (state.owner() != null) {
                return state;
            }
            changed.add(clientId);
            return new State(state.clock() + 1, state.json(), null, now);
        });
    }

    /** Drops what was not renewed since then. */
    void expire(long seenBefore) {
        List<Long> stale = new ArrayList<>();
        states.forEach((clientId, state) -> {
            if (state.owner() != null && state.seenAt() < seenBefore) {
                stale.add(clientId);
            }
        });
        stale.forEach(this::remove);
    }

    boolean hasChanges() {
        return !changed.isEmpty();
    }

    boolean isEmpty() {
        return states.isEmpty();
    }

    /** Everybody, as an awareness update. */
    byte[] everybody() {
        return encode(states.keySet());
    }

    /** What changed since the last call, as an awareness update. */
    byte[] drain() {
        byte[] update = encode(changed);
        changed.clear();
        removed.clear();
        return update;
    }

    private boolean owns(Seat seat, long clientId, long clock) {
        if (seat.clientIds().contains(clientId)) {
            return true;
        }
        UUID user = seat.peer().principal().userId();
        UUID claimant = claims.get(clientId);
        if (claimant == null) {
            return !states.containsKey(clientId) && seat.clientIds().size() < IDS_A_SOCKET;
        }
        // The same user again with an id of theirs: a socket that came back before the old one was missed.
        State state = states.get(clientId);
        return claimant.equals(user)
                && seat.clientIds().isEmpty()
                && (state == null || (state.owner() != null && clock >= state.clock()));
    }

    private void accept(Seat seat, long clientId, long clock, Buffer json, long now) {
        if (json.length() > maxBytes) {
            meters.presenceDropped();
            return;
        }
        byte[] bytes = json.getBytes();
        State state = states.get(clientId);
        if (Arrays.equals(bytes, NULL)) {
            if (state != null && clock >= state.clock()) {
                remove(clientId, clock);
            }
        } else if (state == null || clock > state.clock() || state.owner() != seat) {
            claim(seat, clientId);
            set(clientId, new State(clock, identified(bytes, seat.peer().principal()), seat, now));
        }
    }

    private void claim(Seat seat, long clientId) {
        if (seat.clientIds().add(clientId) && !claims.containsKey(clientId)) {
            UUID user = seat.peer().principal().userId();
            claims.put(clientId, user);
            claimed.accept(clientId, user);
        }
    }

    private void set(long clientId, State state) {
        states.put(clientId, state);
        removed.remove(clientId);
        changed.add(clientId);
    }

    private void remove(long clientId, long clock) {
        states.remove(clientId);
        removed.put(clientId, clock);
        changed.add(clientId);
    }

    private byte[] encode(Collection<Long> clientIds) {
        FrameWriter writer = new FrameWriter(64 * clientIds.size()).varUint(clientIds.size());
        for (long clientId : clientIds) {
            State state = states.get(clientId);
            long clock = state == null ? Objects.requireNonNullElse(removed.get(clientId), 0L) : state.clock();
            writer.varUint(clientId).varUint(clock).bytes(state == null ? NULL : state.json());
        }
        return writer.toBytes();
    }

    private static byte[] identified(byte[] json, Principal principal) {
        JsonObject state = parse(json);
        Object said = state.getValue("user");
        JsonObject user = said instanceof JsonObject object ? object : new JsonObject();
        state.put("user", identity(user, principal));
        if (state.containsKey("name")) {
            state.put("name", principal.name());
        }
        if (state.containsKey("color")) {
            state.put("color", principal.color());
        }
        return encode(state);
    }

    private static JsonObject identity(JsonObject user, Principal principal) {
        user.put("id", principal.userId().toString())
                .put("name", principal.name())
                .put("color", principal.color())
                .remove("agent");
        return principal.agent() ? user.put("agent", true) : user;
    }

    private static JsonObject parse(byte[] json) {
        try {
            return new JsonObject(Buffer.buffer(json));
        } catch (DecodeException | ClassCastException malformed) {
            throw new MalformedFrameException("a presence is no JSON object");
        }
    }

    private static byte[] encode(JsonObject state) {
        return state.encode().getBytes(StandardCharsets.UTF_8);
    }
}
