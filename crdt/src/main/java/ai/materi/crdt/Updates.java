package ai.materi.crdt;

import java.util.List;
import java.util.TreeMap;

/**
 * Work on updates (format v1) that needs no document: nothing is built, structs are copied from bytes to bytes. All
 * methods throw {@link MalformedUpdateException} for bytes that are no update or that are over the budget of 1,000,000
 * structs and deleted ranges each.
 */
public final class Updates {
    private Updates() {}

    /** One update that says what all of them say; a single one comes back as it is. Byte-identical to {@code Y.mergeUpdates}. */
    public static byte[] merge(List<byte[]> updates) {
        return merge(updates, StructCursor.DEFAULT_BUDGET);
    }

    /**
     * As {@link #merge(List)}, for updates that are trusted to be large.
     *
     * @param budget how many structs and deleted ranges each may have; 1,000,000 unless given
     */
    public static byte[] merge(List<byte[]> updates, int budget) {
        return updates.size() == 1 ? updates.get(0) : UpdateMerger.merge(updates, budget);
    }

    /** What of the update somebody with this state vector lacks, with all of its deletions, as {@code Y.diffUpdate}. */
    public static byte[] diff(byte[] update, StateVector known) {
        return diff(update, known, StructCursor.DEFAULT_BUDGET);
    }

    static byte[] diff(byte[] update, StateVector known, int budget) {
        StructCursor s = new StructCursor(update, budget);
        LazyWriter out = new LazyWriter();
        boolean alive = s.next();
        while (alive) {
            long client = s.client;
            long have = known.get(client);
            if (s.isSkip()) {
                alive = s.next();
            } else if (s.endClock() > have) {
                out.struct(s, (int) Math.max(have - s.clock, 0));
                for (alive = s.next(); alive && s.client == client; alive = s.next()) {
                    out.struct(s, 0);
                }
            } else {
                while (alive && s.client == client && s.endClock() <= have) {
                    alive = s.next();
                }
            }
        }
        DeleteSet.Builder deletes = new DeleteSet.Builder();
        DeleteRanges.read(s.in, s.budgetLeft()).addTo(deletes);
        return out.finish(deletes.build(false));
    }

    /** What somebody has who has this update and nothing else: per client, the clocks from 0 on without a hole. */
    public static StateVector stateVectorOf(byte[] update) {
        StructCursor s = new StructCursor(update);
        TreeMap<Long, Long> clocks = new TreeMap<>();
        while (s.next()) {
            long have = clocks.getOrDefault(s.client, 0L);
            if (!s.isSkip() && s.clock == have) {
                clocks.put(s.client, (long) s.endClock());
            }
        }
        return new StateVector(clocks);
    }

    /** The clocks that the update brings and the ranges that it deletes. */
    public static UpdateMeta meta(byte[] update) {
        return UpdateMeta.of(update);
    }

    /** Whether it says nothing at all: no struct and no deletion. */
    public static boolean isEmpty(byte[] update) {
        StructCursor s = new StructCursor(update);
        return !s.next() && DeleteRanges.read(s.in, s.budgetLeft()).isEmpty();
    }

    /** Walks every struct in the order of the update, skips left out, as (client, clock, length). */
    public static void forEachStruct(byte[] update, StructVisitor visitor) {
        StructCursor s = new StructCursor(update);
        while (s.next()) {
            if (!s.isSkip()) {
                visitor.visit(s.client, s.clock, s.len);
            }
        }
    }

    /** Walks every deleted range in the order of the update, as (client, clock, length). */
    public static void forEachDeletion(byte[] update, StructVisitor visitor) {
        DeleteRanges ranges = deletesOf(update);
        for (int g = 0; g < ranges.groups(); g++) {
            for (int r = ranges.groupStart(g); r < ranges.groupEnd(g); r++) {
                visitor.visit(ranges.client(g), ranges.clock(r), ranges.len(r));
            }
        }
    }

    private static DeleteRanges deletesOf(byte[] update) {
        StructCursor s = new StructCursor(update);
        boolean more = s.next();
        while (more) {
            more = s.next();
        }
        return DeleteRanges.read(s.in, s.budgetLeft());
    }

    /** Is shown runs of units. */
    @FunctionalInterface
    public interface StructVisitor {
        void visit(long client, long clock, long length);
    }
}
