package ai.materi.collab.history;

import ai.materi.collab.content.Writers;
import ai.materi.collab.content.Written;
import ai.materi.collab.log.Attributed;
import ai.materi.collab.log.Attribution;
import ai.materi.collab.log.Recorded;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Who wrote and deleted what in a document, as its records say. Where several brought the same clocks, or deleted the same
 * units, it was the first of them. Takes time: not for an event loop.
 */
public final class Authorship implements Writers {
    private static final NavigableMap<Long, Range> NOTHING = new TreeMap<>();

    private final Map<Long, NavigableMap<Long, Range>> written = new HashMap<>();
    private final Map<Long, NavigableMap<Long, Range>> deleted = new HashMap<>();
    private final Set<UUID> everybody = new HashSet<>();

    /** From the clock that it is filed under; {@code to} is exclusive. */
    private record Range(long to, Written by) {}

    private Authorship() {}

    /**
     * Brings the records in order.
     *
     * @param claims users by the client id that is theirs
     */
    public static Authorship of(Recorded recorded, Map<Long, UUID> claims) {
        List<Attributed> folded = new ArrayList<>(recorded.folded());
        folded.sort(Comparator.comparing(Attributed::committedAt));
        Authorship authorship = new Authorship();
        folded.forEach(authorship::add);
        Attribution.of(recorded.rows(), claims).forEach(authorship::add);
        return authorship;
    }

    /** All who wrote, deleted or brought something. */
    public Set<UUID> everybody() {
        return everybody;
    }

    @Override
    public Known wrote(long client, long clock) {
        return known(written.getOrDefault(client, NOTHING), clock);
    }

    @Override
    public Known deleted(long client, long clock) {
        return known(deleted.getOrDefault(client, NOTHING), clock);
    }

    private static Known known(NavigableMap<Long, Range> ranges, long clock) {
        Map.Entry<Long, Range> range = ranges.floorEntry(clock);
        if (range != null && range.getValue().to() > clock) {
            return new Known(range.getValue().by(), range.getValue().to());
        }
        Long next = ranges.higherKey(clock);
        return new Known(null, next == null ? Long.MAX_VALUE : next);
    }

    private void add(Attributed range) {
        everybody.add(range.author());
        if (range.via() != null) {
            everybody.add(range.via());
        }
        Written by = new Written(range.author(), range.via(), range.committedAt());
        Map<Long, NavigableMap<Long, Range>> of = range.deleted() ? deleted : written;
        fill(of.computeIfAbsent(range.clientId(), client -> new TreeMap<>()), range.fromClock(), range.toClock(), by);
    }

    /** Only what is free yet. */
    private static void fill(NavigableMap<Long, Range> ranges, long from, long to, Written by) {
        for (long at = from; at < to; ) {
            Map.Entry<Long, Range> before = ranges.floorEntry(at);
            if (before != null && before.getValue().to() > at) {
                at = before.getValue().to();
                continue;
            }
            Long next = ranges.higherKey(at);
            long end = next == null ? to : Math.min(next, to);
            ranges.put(at, new Range(end, by));
            at = end;
        }
    }
}
