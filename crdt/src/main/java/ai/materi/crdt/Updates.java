package ai.materi.crdt;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Work on updates that needs no document: nothing is built, structs are copied from bytes to bytes. Methods without a
 * {@code V2} in their name read and write format v1. All throw {@link MalformedUpdateException} for bytes that are no update
 * or that are over the budget of 1,000,000 structs and deleted ranges each.
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
        return diff(update, known, StructCursor.DEFAULT_BUDGET, false);
    }

    static byte[] diff(byte[] update, StateVector known, int budget, boolean loose) {
        return diff(update, known, budget, loose, false);
    }

    private static byte[] diff(byte[] update, StateVector known, int budget, boolean loose, boolean canonical) {
        StructCursor s = new StructCursor(update, budget, loose);
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
        if (!s.isCanonical() && !canonical) {
            return diff(CanonicalUpdate.of(update, loose), known, budget, loose, true);
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
        return meta(update, StructCursor.DEFAULT_BUDGET);
    }

    /** The same of bytes that are trusted to be large, with at most {@code budget} structs and deleted ranges. */
    public static UpdateMeta meta(byte[] update, int budget) {
        return UpdateMeta.of(update, budget);
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

    /** Walks every struct in the order of the update, skips included, with all that it says. */
    public static void decode(byte[] update, Consumer<Struct> visitor) {
        StructCursor s = new StructCursor(update);
        while (s.next()) {
            visitor.accept(Struct.of(s));
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

    // ---- format v2

    /**
     * Which format these bytes are in: v1 when they are an update of it to the last byte, else v2. An update of v2 begins
     * with a zero, which in v1 says that there are no structs, and is longer than what can follow that.
     *
     * @throws MalformedUpdateException when they are neither; it says what is wrong in format v1
     */
    public static int formatOf(byte[] update) {
        try {
            StructCursor s = new StructCursor(update);
            boolean more = s.next();
            while (more) {
                more = s.next();
            }
            DeleteRanges.read(s.in, s.budgetLeft());
            if (s.in.hasContent()) {
                throw new MalformedUpdateException("bytes after the update, from byte " + s.in.pos);
            }
            return 1;
        } catch (MalformedUpdateException inV1) {
            try {
                toV1(update);
                return 2;
            } catch (MalformedUpdateException inV2) {
                inV1.addSuppressed(inV2);
                throw inV1;
            }
        }
    }

    /** The same update in format v1, byte-identical to {@code Y.convertUpdateFormatV2ToV1}. */
    public static byte[] toV1(byte[] updateV2) {
        FormatV2.Translated update = FormatV2.toV1(updateV2, StructCursor.DEFAULT_BUDGET);
        return passedOn(update.isLoose ? withoutHalves(update.update) : update.update, false);
    }

    /** Puts U+FFFD in place of half surrogate pairs in text, in these very bytes. */
    static byte[] withoutHalves(byte[] update) {
        StructCursor s = new StructCursor(update, Integer.MAX_VALUE, true);
        while (s.next()) {
            if ((s.info & StructCursor.REF) == Items.STRING) {
                Utf8.replaceLoneSurrogates(update, s.contentAt, s.end - s.contentAt);
            }
        }
        return update;
    }

    /** Flags without a use are dropped, sections of a client that follow each other joined. */
    private static byte[] passedOn(byte[] update, boolean canonical) {
        StructCursor s = new StructCursor(update, StructCursor.DEFAULT_BUDGET);
        LazyWriter out = new LazyWriter();
        while (s.next()) {
            out.struct(s, 0);
        }
        if (!s.isCanonical() && !canonical) {
            return passedOn(CanonicalUpdate.of(update, false), true);
        }
        DeleteSet.Builder deletes = new DeleteSet.Builder();
        DeleteRanges.read(s.in, s.budgetLeft()).addTo(deletes);
        return out.finish(deletes.build(false));
    }

    /** The same update in format v2, byte-identical to {@code Y.convertUpdateFormatV1ToV2}. */
    public static byte[] toV2(byte[] update) {
        return FormatV2.fromV1(update, true, false, StructCursor.DEFAULT_BUDGET);
    }

    /** As {@link #merge(List)}, byte-identical to {@code Y.mergeUpdatesV2}. */
    public static byte[] mergeV2(List<byte[]> updatesV2) {
        if (updatesV2.size() == 1) {
            return updatesV2.get(0);
        }
        List<byte[]> updates = new ArrayList<>(updatesV2.size());
        for (byte[] update : updatesV2) {
            updates.add(FormatV2.toV1(update, StructCursor.DEFAULT_BUDGET).update);
        }
        // Also without a half in any of them: one may come of a cut.
        byte[] merged = UpdateMerger.merge(updates, StructCursor.DEFAULT_BUDGET, true);
        return FormatV2.fromV1(merged, false, true, Integer.MAX_VALUE);
    }

    /** As {@link #diff(byte[], StateVector)}, byte-identical to {@code Y.diffUpdateV2}. */
    public static byte[] diffV2(byte[] updateV2, StateVector known) {
        byte[] update = FormatV2.toV1(updateV2, StructCursor.DEFAULT_BUDGET).update;
        byte[] rest = diff(update, known, StructCursor.DEFAULT_BUDGET, true);
        return FormatV2.fromV1(rest, false, true, Integer.MAX_VALUE);
    }

    /** As {@link #stateVectorOf}. */
    public static StateVector stateVectorOfV2(byte[] updateV2) {
        return stateVectorOf(toV1(updateV2));
    }

    /** As {@link #meta}. */
    public static UpdateMeta metaV2(byte[] updateV2) {
        return meta(toV1(updateV2));
    }

    /** Is shown runs of units. */
    @FunctionalInterface
    public interface StructVisitor {
        void visit(long client, long clock, long length);
    }
}
