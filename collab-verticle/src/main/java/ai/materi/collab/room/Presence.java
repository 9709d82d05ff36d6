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
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Who is in a document and where: the awareness protocol of y-protocols 1.0. A state belongs to the socket that uses its
 * client id, and a client id to the first user whose socket used it. Clients send back whatever they receive, so ids of
 * others are skipped without being looked at. Who somebody is (id, name, colour, agent or not) the server writes into
 * each state itself. What other nodes tell is kept apart by node, within bounds, and no socket here may speak for it, but
 * for one of the same user whose client has moved. Changes gather until {@link #drain} sends them on.
 */
final class Presence {
    private static final byte[] NULL = "null".getBytes(StandardCharsets.UTF_8);
    private static final int IDS_A_SOCKET = 4;
    private static final int STATE_COST = 128;
    /** Client id, clock and length in front of a state. */
    private static final int ENTRY_HEAD = 10;

    private static final Holder SERVER = new Holder.Server();

    private final int maxBytes;
    private final long maxBytesElsewhere;
    private final RoomMeters meters;
    private final Map<Long, UUID> claims;
    private final BiConsumer<Long, UUID> claimed;
    private final Map<Long, State> states = new HashMap<>();
    private final Map<Long, Long> removed = new HashMap<>();
    private final Set<Long> changed = new LinkedHashSet<>();
    private final Set<Long> changedHere = new LinkedHashSet<>();
    private long bytesElsewhere;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record State(long clock, byte[] json, Holder holder, long seenAt) {
        boolean isHeldBy(Seat seat) {
            return holder instanceof Holder.Socket socket && socket.seat() == seat;
        }

        boolean isOf(String node) {
            return holder instanceof Holder.Elsewhere elsewhere
                    && elsewhere.node().equals(node);
        }

        /** What it counts towards the bound of other nodes. */
        int cost() {
            return holder.isHere() ? 0 : json.length + STATE_COST;
        }
    }

    /**
     * What changed.
     *
     * @param update for clients, an awareness update
     * @param here what of it other nodes are to be told
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Changes(byte[] update, List<PresenceState> here) {}

    /**
     * @param maxBytes of one state as a socket sends it; with an identity it may be twice that
     * @param maxBytesElsewhere of all that other nodes tell
     * @param claims known so far, by client id
     * @param claimed is told of each new one
     */
    Presence(
            int maxBytes,
            long maxBytesElsewhere,
            RoomMeters meters,
            Map<Long, UUID> claims,
            BiConsumer<Long, UUID> claimed) {
        this.maxBytes = maxBytes;
        this.maxBytesElsewhere = maxBytesElsewhere;
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
            if (state != null && state.isHeldBy(seat)) {
                remove(clientId, state.clock());
            }
        }
    }

    /** Takes what another node says of the presence of its clients. */
    void receive(String node, List<PresenceState> told, long now) {
        told.forEach(state -> receive(node, state, now));
    }

    private void receive(String node, PresenceState told, long now) {
        State known = states.get(told.clientId());
        byte[] json = told.json();
        UUID user = told.user();
        if (json == null) {
            if (known != null && known.isOf(node) && told.clock() >= known.clock()) {
                remove(told.clientId(), told.clock());
            }
        } else if (known == null || supersedes(node, told, known)) {
            State state = new State(told.clock(), json, new Holder.Elsewhere(node, user), now);
            if (fits(state, known)) {
                if (user != null) {
                    claims.putIfAbsent(told.clientId(), user);
                }
                set(told.clientId(), state);
            } else {
                meters.presenceDropped();
            }
        }
    }

    private static boolean supersedes(String node, PresenceState told, State known) {
        if (known.isOf(node)) {
            return told.clock() >= known.clock();
        }
        // A client that moved says what it said before it was cut off. What a socket here says gives way to newer
        // things only.
        UUID user = told.user();
        long atLeast = known.holder().isHere() ? known.clock() + 1 : known.clock();
        return told.clock() >= atLeast && user != null && known.holder().yieldsTo(user);
    }

    private boolean fits(State state, @Nullable State before) {
        int freed = before == null ? 0 : before.cost();
        return state.json().length <= 2 * maxBytes && bytesElsewhere - freed + state.cost() <= maxBytesElsewhere;
    }

    /** The clients that another node speaks for are these, or some of these; all others of it have left. */
    void retain(String node, Set<Long> clientIds) {
        removeIf((clientId, state) -> state.isOf(node) && !clientIds.contains(clientId));
    }

    /** What this node tells others. */
    List<PresenceState> here() {
        return states.entrySet().stream()
                .filter(entry -> entry.getValue().holder().isHere())
                .map(entry -> told(entry.getKey()))
                .toList();
    }

    /** A presence that the server itself holds, e.g. of an agent that writes; again with each change of it. */
    void put(long clientId, JsonObject state, long now) {
        State before = states.get(clientId);
        set(clientId, new State(before == null ? 1 : before.clock() + 1, encode(state), SERVER, now));
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
            if (state.holder() != SERVER) {
                return state;
            }
            changed.add(clientId);
            changedHere.add(clientId);
            return new State(state.clock() + 1, state.json(), SERVER, now);
        });
    }

    /** Tells each socket that its client has left, which no client leaves as it is. */
    void takeLeave(BiConsumer<Seat, byte[]> tell) {
        states.forEach((clientId, state) -> {
            if (state.holder() instanceof Holder.Socket socket) {
                byte[] left = new FrameWriter(ENTRY_HEAD + NULL.length)
                        .varUint(1)
                        .varUint(clientId)
                        .varUint(state.clock())
                        .bytes(NULL)
                        .toBytes();
                tell.accept(socket.seat(), left);
            }
        });
    }

    /** Drops what was not renewed since then. */
    void expire(long seenBefore) {
        removeIf((clientId, state) -> state.holder() != SERVER && state.seenAt() < seenBefore);
    }

    private void removeIf(BiPredicate<Long, State> condition) {
        List<Long> matching = new ArrayList<>();
        states.forEach((clientId, state) -> {
            if (condition.test(clientId, state)) {
                matching.add(clientId);
            }
        });
        matching.forEach(this::remove);
    }

    boolean hasChanges() {
        return !changed.isEmpty();
    }

    boolean isEmpty() {
        return states.isEmpty();
    }

    int size() {
        return states.size();
    }

    /** Everybody, as an awareness update. */
    byte[] everybody() {
        return everybody(Map.of());
    }

    /**
     * The same.
     *
     * @param departed clients, with their clocks, that are told to have left unless they are here
     */
    byte[] everybody(Map<Long, Long> departed) {
        FrameWriter gone = new FrameWriter(ENTRY_HEAD * departed.size());
        int count = states.size();
        for (Map.Entry<Long, Long> one : departed.entrySet()) {
            if (!states.containsKey(one.getKey())) {
                count++;
                gone.varUint(one.getKey()).varUint(one.getValue()).bytes(NULL);
            }
        }
        FrameWriter writer = new FrameWriter(64 * states.size()).varUint(count);
        states.keySet().forEach(clientId -> encode(clientId, writer));
        return writer.raw(gone.toBytes()).toBytes();
    }

    /**
     * What changed since the last call: for other nodes all of it, for the clients here what has waited longest, up to so
     * many bytes but one state at least. {@link #hasChanges()} says whether something is left.
     */
    Changes drain(int maxBytes) {
        List<PresenceState> here = changedHere.stream().map(this::told).toList();
        changedHere.clear();
        List<Long> portion = portion(maxBytes);
        Changes changes = new Changes(encode(portion), here);
        portion.forEach(removed::remove);
        return changes;
    }

    private List<Long> portion(int maxBytes) {
        List<Long> portion = new ArrayList<>();
        Iterator<Long> waiting = changed.iterator();
        for (int bytes = 0; waiting.hasNext() && bytes < maxBytes; waiting.remove()) {
            long clientId = waiting.next();
            State state = states.get(clientId);
            bytes += ENTRY_HEAD + (state == null ? NULL.length : state.json().length);
            portion.add(clientId);
        }
        return portion;
    }

    private PresenceState told(long clientId) {
        State state = states.get(clientId);
        if (state == null) {
            return new PresenceState(clientId, removedAt(clientId), null, null);
        }
        UUID user = state.holder() instanceof Holder.Socket socket
                ? socket.seat().principal().userId()
                : null;
        return new PresenceState(clientId, state.clock(), state.json(), user);
    }

    private long removedAt(long clientId) {
        return Objects.requireNonNullElse(removed.get(clientId), 0L);
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
                && (state == null || (state.holder().yieldsTo(user) && clock >= state.clock()));
    }

    private void accept(Seat seat, long clientId, long clock, Buffer json, long now) {
        if (json.length() > maxBytes) {
            meters.presenceDropped();
            return;
        }
        byte[] bytes = json.getBytes();
        State state = states.get(clientId);
        if (Arrays.equals(bytes, NULL)) {
            if (state != null && state.holder().isHere() && clock >= state.clock()) {
                remove(clientId, clock);
            }
        } else if (state == null || clock > state.clock() || (clock == state.clock() && !state.isHeldBy(seat))) {
            claim(seat, clientId);
            byte[] identified = identified(bytes, seat.peer().principal());
            set(clientId, new State(clock, identified, new Holder.Socket(seat), now));
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
        State before = states.put(clientId, state);
        bytesElsewhere += state.cost() - (before == null ? 0 : before.cost());
        removed.remove(clientId);
        changed.add(clientId);
        if (state.holder().isHere()) {
            changedHere.add(clientId);
        } else {
            changedHere.remove(clientId);
        }
    }

    private void remove(long clientId, long clock) {
        State before = states.remove(clientId);
        removed.put(clientId, clock);
        changed.add(clientId);
        if (before != null) {
            bytesElsewhere -= before.cost();
            if (before.holder().isHere()) {
                changedHere.add(clientId);
            }
        }
    }

    private byte[] encode(Collection<Long> clientIds) {
        FrameWriter writer = new FrameWriter(64 * clientIds.size()).varUint(clientIds.size());
        clientIds.forEach(clientId -> encode(clientId, writer));
        return writer.toBytes();
    }

    private void encode(long clientId, FrameWriter writer) {
        State state = states.get(clientId);
        long clock = state == null ? removedAt(clientId) : state.clock();
        writer.varUint(clientId).varUint(clock).bytes(state == null ? NULL : state.json());
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
