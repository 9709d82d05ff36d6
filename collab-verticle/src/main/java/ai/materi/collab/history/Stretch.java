package ai.materi.collab.history;

import ai.materi.collab.log.Attributed;
import ai.materi.collab.log.Attribution;
import ai.materi.collab.log.LogRow;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What somebody did in rows of the log without a pause between.
 *
 * @param updates rows that hold something of theirs
 * @param inserted units (UTF-16 code units, elements, formatting) that they brought
 * @param deleted units that they took away
 */
record Stretch(
        UUID author,
        @Nullable UUID via,
        OffsetDateTime began,
        OffsetDateTime ended,
        long updates,
        long inserted,
        long deleted) {
    /** By whom, and by way of whom. */
    private record Origin(UUID author, @Nullable UUID via) {}

    /** Units of one row. */
    private record Sum(long inserted, long deleted) {
        static final Sum NOTHING = new Sum(0, 0);

        Sum plus(Attributed range) {
            long units = range.toClock() - range.fromClock();
            return range.deleted() ? new Sum(inserted, deleted + units) : new Sum(inserted + units, deleted);
        }
    }

    /** In the order in which they began. */
    static List<Stretch> of(List<LogRow> rows, Map<Long, UUID> claims, Duration pause) {
        List<Stretch> stretches = new ArrayList<>();
        Map<Origin, Integer> latest = new HashMap<>();
        for (LogRow row : rows) {
            sums(row, claims).forEach((origin, sum) -> {
                Integer before = latest.get(origin);
                if (before != null && stretches.get(before).ended.plus(pause).isAfter(row.committedAt())) {
                    stretches.set(before, stretches.get(before).plus(row, sum));
                } else {
                    latest.put(origin, stretches.size());
                    stretches.add(begun(origin, row, sum));
                }
            });
        }
        return stretches;
    }

    private static Map<Origin, Sum> sums(LogRow row, Map<Long, UUID> claims) {
        Map<Origin, Sum> sums = new LinkedHashMap<>();
        for (Attributed range : Attribution.of(List.of(row), claims)) {
            sums.merge(
                    new Origin(range.author(), range.via()), Sum.NOTHING.plus(range), (sum, more) -> sum.plus(range));
        }
        return sums;
    }

    private static Stretch begun(Origin origin, LogRow row, Sum sum) {
        return new Stretch(
                origin.author, origin.via, row.committedAt(), row.committedAt(), 1, sum.inserted, sum.deleted);
    }

    private Stretch plus(LogRow row, Sum sum) {
        OffsetDateTime end = row.committedAt().isAfter(ended) ? row.committedAt() : ended;
        return new Stretch(author, via, began, end, updates + 1, inserted + sum.inserted, deleted + sum.deleted);
    }
}
