package ai.materi.crdt;

import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How much of each client's content somebody has: the clock after the last unit known without a hole. */
public final class StateVector {
    /** What an empty document has. */
    public static final StateVector EMPTY = new StateVector(new TreeMap<>());

    private static final int MAX_CLIENTS = 1_000_000;

    private final Map<Long, Long> clocks;

    StateVector(Map<Long, Long> clocks) {
        TreeMap<Long, Long> descending = new TreeMap<>(Comparator.reverseOrder());
        descending.putAll(clocks);
        this.clocks = Collections.unmodifiableMap(descending);
    }

    /** Of any clients and clocks; a clock of 0 says nothing and is left out. */
    public static StateVector of(Map<Long, Long> clocks) {
        TreeMap<Long, Long> kept = new TreeMap<>();
        clocks.forEach((client, clock) -> {
            if (client < 0 || clock < 0) {
                throw new IllegalArgumentException("negative client or clock");
            }
            if (clock > 0) {
                kept.put(client, clock);
            }
        });
        return new StateVector(kept);
    }

    /** Reads what {@link #encode()} and {@code Y.encodeStateVector} write; throws {@link MalformedUpdateException}. */
    public static StateVector decode(byte[] bytes) {
        return decode(new ByteReader(bytes));
    }

    /** Reads one that goes on to the end of the bytes. */
    static StateVector decode(ByteReader in) {
        int n = in.count(2);
        if (n > MAX_CLIENTS) {
            throw new MalformedUpdateException("more than " + MAX_CLIENTS + " clients in a state vector");
        }
        TreeMap<Long, Long> clocks = new TreeMap<>();
        for (int i = 0; i < n; i++) {
            long client = in.varUint();
            long clock = in.varUint();
            if (clock > 0) {
                clocks.put(client, clock);
            } else {
                clocks.remove(client);
            }
        }
        if (in.hasContent()) {
            throw new MalformedUpdateException("bytes after the state vector");
        }
        return new StateVector(clocks);
    }

    /** Clients highest first, as yjs writes them. */
    public byte[] encode() {
        ByteWriter out = new ByteWriter(16);
        out.varUint(clocks.size());
        clocks.forEach((client, clock) -> {
            out.varUint(client);
            out.varUint(clock);
        });
        return out.toByteArray();
    }

    /** The clock of a client; 0 when nothing of it is known. */
    public long get(long client) {
        return clocks.getOrDefault(client, 0L);
    }

    /** The known clients, highest first. */
    public Set<Long> clients() {
        return clocks.keySet();
    }

    /** Whether everything that the other has is had here. */
    public boolean contains(StateVector other) {
        for (Map.Entry<Long, Long> entry : other.clocks.entrySet()) {
            if (get(entry.getKey()) < entry.getValue()) {
                return false;
            }
        }
        return true;
    }

    /** What is had by either. */
    StateVector max(StateVector other) {
        TreeMap<Long, Long> out = new TreeMap<>(clocks);
        other.clocks.forEach((client, clock) -> out.merge(client, clock, Math::max));
        return new StateVector(out);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StateVector vector && clocks.equals(vector.clocks);
    }

    @Override
    public int hashCode() {
        return clocks.hashCode();
    }

    @Override
    public String toString() {
        return clocks.toString();
    }
}
