package ai.materi.collab.log;

import ai.materi.crdt.DeleteSet;
import ai.materi.crdt.UpdateMeta;
import ai.materi.crdt.Updates;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who wrote and deleted what in some rows of the log. What a client id brings belongs to the user who claimed that id, by
 * way of whoever sent it; an unclaimed id belongs to the sender. A deletion belongs to its sender. Neighbouring clocks of
 * the same origin become one range.
 */
public final class Attribution {
    private static final long SAME_SITTING_S = 60;

    private final Map<Long, UUID> claims;
    private final List<Attributed> ranges = new ArrayList<>();
    private final Map<Stroke, Integer> latest = new HashMap<>();

    /** What one client's clocks had done to them. */
    private record Stroke(long clientId, boolean deleted) {}

    private Attribution(Map<Long, UUID> claims) {
        this.claims = claims;
    }

    /**
     * Reads who did what out of rows, in their order.
     *
     * @param claims users by the client id that is theirs
     */
    public static List<Attributed> of(List<LogRow> rows, Map<Long, UUID> claims) {
        Attribution attribution = new Attribution(claims);
        rows.forEach(attribution::add);
        return attribution.ranges;
    }

    private void add(LogRow row) {
        UpdateMeta meta = Updates.meta(row.update());
        meta.inserted().forEach((client, written) -> written.forEach(range -> add(written(row, client, range))));
        for (long client : meta.deleted().clients()) {
            meta.deleted().ranges(client).forEach(range -> add(deleted(row, client, range)));
        }
    }

    private Attributed written(LogRow row, long client, DeleteSet.Range range) {
        UUID owner = claims.getOrDefault(client, row.author());
        UUID via = owner.equals(row.author()) ? row.via() : row.author();
        return range(row, client, range, false, owner, via);
    }

    private static Attributed deleted(LogRow row, long client, DeleteSet.Range range) {
        return range(row, client, range, true, row.author(), row.via());
    }

    private static Attributed range(
            LogRow row, long client, DeleteSet.Range range, boolean deleted, UUID author, @Nullable UUID via) {
        return new Attributed(client, range.clock(), range.end(), deleted, author, via, row.committedAt());
    }

    private void add(Attributed next) {
        Stroke stroke = new Stroke(next.clientId(), next.deleted());
        Integer before = latest.get(stroke);
        if (before != null && continues(ranges.get(before), next)) {
            ranges.set(before, joined(ranges.get(before), next));
        } else {
            latest.put(stroke, ranges.size());
            ranges.add(next);
        }
    }

    /** Typing goes on to the right, and deleting to either side. */
    private static boolean continues(Attributed last, Attributed next) {
        return (last.toClock() == next.fromClock() || last.fromClock() == next.toClock())
                && last.author().equals(next.author())
                && Objects.equals(last.via(), next.via())
                && last.committedAt().plusSeconds(SAME_SITTING_S).isAfter(next.committedAt());
    }

    private static Attributed joined(Attributed last, Attributed next) {
        return new Attributed(
                last.clientId(),
                Math.min(last.fromClock(), next.fromClock()),
                Math.max(last.toClock(), next.toClock()),
                last.deleted(),
                last.author(),
                last.via(),
                last.committedAt());
    }
}
