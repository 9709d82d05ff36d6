package ai.materi.crdt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which units are deleted: ranges of clocks by client. Clients come highest first, as yjs writes them; a set made by a
 * document has its ranges sorted and merged, a decoded one has them as they came.
 */
public final class DeleteSet {
    /**
     * A run of units.
     *
     * @param clock the first
     * @param length how many, at least 0
     */
    public record Range(int clock, int length) {
        /** The clock after the last. */
        public int end() {
            return clock + length;
        }
    }

    private final Map<Long, List<Range>> ranges;

    private DeleteSet(Map<Long, List<Range>> ranges) {
        this.ranges = ranges;
    }

    /** Reads what {@link #encode()} writes; throws {@link MalformedUpdateException}. */
    public static DeleteSet decode(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        Builder out = new Builder();
        DeleteRanges.read(in, StructCursor.DEFAULT_BUDGET).addTo(out);
        if (in.hasContent()) {
            throw new MalformedUpdateException("bytes after the delete set");
        }
        return out.build(false);
    }

    /** The form that ends every update. */
    public byte[] encode() {
        ByteWriter out = new ByteWriter();
        write(out);
        return out.toByteArray();
    }

    void write(ByteWriter out) {
        out.varUint(ranges.size());
        ranges.forEach((client, list) -> {
            out.varUint(client);
            out.varUint(list.size());
            for (Range range : list) {
                out.varUint(range.clock());
                out.varUint(range.length());
            }
        });
    }

    /** As update format v2 has it: distances in place of clocks, and lengths less one. */
    void writeV2(ByteWriter out) {
        out.varUint(ranges.size());
        ranges.forEach((client, list) -> {
            out.varUint(client);
            out.varUint(list.size());
            int end = 0;
            for (Range range : list) {
                out.varUint(range.clock() - (long) end);
                out.varUint(range.length() - 1L);
                end = range.end();
            }
        });
    }

    /** The clients of which something is deleted, highest first. */
    public Set<Long> clients() {
        return ranges.keySet();
    }

    /** The deleted ranges of a client; empty when it has none. */
    public List<Range> ranges(long client) {
        return ranges.getOrDefault(client, List.of());
    }

    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** Whether the unit is deleted. */
    public boolean contains(Id id) {
        for (Range range : ranges(id.client())) {
            if (range.clock() <= id.clock() && id.clock() < range.end()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DeleteSet set && ranges.equals(set.ranges);
    }

    @Override
    public int hashCode() {
        return ranges.hashCode();
    }

    @Override
    public String toString() {
        return ranges.toString();
    }

    /** Gathers ranges; in the order in which a client's ranges came unless told to merge. */
    static final class Builder {
        private final Map<Long, List<Range>> byClient = new LinkedHashMap<>();

        void add(long client, int clock, int length) {
            byClient.computeIfAbsent(client, c -> new ArrayList<>(2)).add(new Range(clock, length));
        }

        void addAll(DeleteSet set) {
            set.ranges.forEach((client, list) -> list.forEach(range -> add(client, range.clock(), range.length())));
        }

        DeleteSet build(boolean merge) {
            Long[] clients = byClient.keySet().toArray(new Long[0]);
            Arrays.sort(clients, Comparator.reverseOrder());
            Map<Long, List<Range>> out = new LinkedHashMap<>();
            for (Long client : clients) {
                List<Range> list = byClient.getOrDefault(client, List.of());
                out.put(client, Collections.unmodifiableList(merge ? merged(list) : list));
            }
            return new DeleteSet(Collections.unmodifiableMap(out));
        }

        private static List<Range> merged(List<Range> list) {
            list.sort(Comparator.comparingInt(Range::clock));
            List<Range> out = new ArrayList<>(list.size());
            for (Range range : list) {
                Range last = out.isEmpty() ? null : out.get(out.size() - 1);
                if (last != null && last.end() >= range.clock()) {
                    int end = Math.max(last.end(), range.end());
                    out.set(out.size() - 1, new Range(last.clock(), end - last.clock()));
                } else {
                    out.add(range);
                }
            }
            return out;
        }
    }
}
