package ai.materi.crdt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Merges updates without building a document: a k-way merge of their structs by client (highest first) and clock, which
 * skips what was written already, cuts what overlaps, and fills holes with skip structs.
 *
 * <p>Bytes come out as from {@code Y.mergeUpdates}. That re-sorts its list of sources after every run it writes, so where
 * two are at the same struct, the one goes first that was read from last; the heap here ranks alike. One thing a heap
 * cannot follow: when of these one has the content and another only its collected length, the comparison in yjs is not
 * consistent, and the outcome is that of the sorting algorithm. Fewer than {@value #LISTED} sources are therefore kept in
 * a list that is sorted as V8 sorts it; with more, such a tie may choose the other, equally valid, struct.
 */
final class UpdateMerger {
    private static final int ITEM = 1;
    /** From this length on V8 merges sorted runs. */
    private static final int LISTED = 64;

    private static final class Source implements Comparable<Source> {
        final StructCursor at;
        long rank;

        Source(StructCursor at, long rank) {
            this.at = at;
            this.rank = rank;
        }

        /** Moves to the next struct that is no skip. */
        boolean advance() {
            while (at.next()) {
                if (!at.isSkip()) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public int compareTo(Source other) {
            if (at.client != other.at.client) {
                return at.client > other.at.client ? -1 : 1;
            }
            if (at.clock != other.at.clock) {
                return at.clock < other.at.clock ? -1 : 1;
            }
            return Long.compare(rank, other.rank);
        }
    }

    private final LazyWriter out = new LazyWriter();
    private final List<Source> list;
    private final PriorityQueue<Source> queue = new PriorityQueue<>();
    private long lastRank;

    /** The struct being written: an item is out already, a run waits because it may still grow or shrink. */
    private boolean begun;

    private int kind;
    private long client;
    private int clock;
    private int length;

    private UpdateMerger(List<Source> sources) {
        boolean listed = sources.size() < LISTED;
        list = listed ? sources : List.of();
        if (!listed) {
            queue.addAll(sources);
        }
    }

    static byte[] merge(List<byte[]> updates, int budget) {
        return merge(updates, budget, false);
    }

    /** @param loose whether half surrogate pairs may stand in text in their generalized form */
    static byte[] merge(List<byte[]> updates, int budget, boolean loose) {
        return merge(updates, budget, loose, false);
    }

    private static byte[] merge(List<byte[]> updates, int budget, boolean loose, boolean canonical) {
        StructCursor[] cursors = new StructCursor[updates.size()];
        List<Source> sources = new ArrayList<>(cursors.length);
        for (int i = 0; i < cursors.length; i++) {
            cursors[i] = new StructCursor(updates.get(i), budget, loose);
            Source source = new Source(cursors[i], i);
            if (source.advance()) {
                sources.add(source);
            }
        }
        UpdateMerger merger = new UpdateMerger(sources);
        merger.run();
        if (!canonical && !Arrays.stream(cursors).allMatch(StructCursor::isCanonical)) {
            return merge(canonical(updates, cursors), budget, loose, true);
        }
        DeleteSet.Builder deletes = new DeleteSet.Builder();
        for (StructCursor cursor : cursors) {
            DeleteRanges.read(cursor.in, cursor.budgetLeft()).addTo(deletes);
        }
        return merger.out.finish(deletes.build(true));
    }

    /** The updates that cursors have walked over, each canonical. */
    private static List<byte[]> canonical(List<byte[]> updates, StructCursor[] cursors) {
        List<byte[]> out = new ArrayList<>(cursors.length);
        for (int i = 0; i < cursors.length; i++) {
            StructCursor walked = cursors[i];
            out.add(walked.isCanonical() ? updates.get(i) : CanonicalUpdate.of(updates.get(i), walked.loose));
        }
        return out;
    }

    private int end() {
        return clock + length;
    }

    private void run() {
        while (!list.isEmpty()) {
            sortLikeV8(list);
            if (!take(list.get(0))) {
                list.remove(0);
            }
        }
        while (!queue.isEmpty()) {
            Source source = queue.remove();
            if (take(source)) {
                source.rank = --lastRank;
                queue.add(source);
            }
        }
        flush();
    }

    /** The order of two sources in yjs: not consistent where content meets its collected length. */
    private static int compareAsYjs(Source a, Source b) {
        if (a.at.client != b.at.client) {
            return a.at.client > b.at.client ? -1 : 1;
        }
        if (a.at.clock != b.at.clock) {
            return a.at.clock < b.at.clock ? -1 : 1;
        }
        return a.at.isItem() == b.at.isItem() ? 0 : -1;
    }

    /** What V8's sort does with fewer than 64 elements: finds the first run, then inserts the others by halving. */
    private static void sortLikeV8(List<Source> list) {
        for (int next = firstRun(list); next < list.size(); next++) {
            Source pivot = list.get(next);
            int left = 0;
            int right = next;
            while (left < right) {
                int middle = left + ((right - left) >> 1);
                if (compareAsYjs(pivot, list.get(middle)) < 0) {
                    right = middle;
                } else {
                    left = middle + 1;
                }
            }
            if (left < next) {
                list.add(left, list.remove(next));
            }
        }
    }

    private static int firstRun(List<Source> list) {
        if (list.size() < 2) {
            return list.size();
        }
        boolean descending = compareAsYjs(list.get(1), list.get(0)) < 0;
        int end = 2;
        while (end < list.size() && (compareAsYjs(list.get(end), list.get(end - 1)) < 0) == descending) {
            end++;
        }
        if (descending) {
            Collections.reverse(list.subList(0, end));
        }
        return end;
    }

    /** Writes from a source what follows there without a break; false when the source is at its end. */
    private boolean take(Source source) {
        StructCursor s = source.at;
        long first = s.client;
        boolean alive = true;
        if (begun) {
            boolean moved = false;
            while (alive && s.endClock() <= end() && s.client >= client) {
                alive = source.advance();
                moved = true;
            }
            if (!alive || s.client != first || (moved && s.clock > end())) {
                return alive;
            }
        }
        alive = (begun && first == client) ? continueWith(source) : start(source, 0);
        while (alive && s.client == first && s.clock == end()) {
            alive = start(source, 0);
        }
        return alive;
    }

    private boolean continueWith(Source source) {
        StructCursor s = source.at;
        if (end() < s.clock) {
            skipTo(s);
            return true;
        }
        int overlap = end() - s.clock;
        if (overlap > 0 && kind == Items.SKIP) {
            length -= overlap;
            overlap = 0;
        }
        if (kind == Items.GC && !s.isItem()) {
            length += s.len - overlap;
            return true;
        }
        return start(source, overlap);
    }

    private void skipTo(StructCursor s) {
        if (kind == Items.SKIP) {
            length = s.endClock() - clock;
            return;
        }
        int from = end();
        flush();
        begun = true;
        kind = Items.SKIP;
        clock = from;
        length = s.clock - from;
    }

    private boolean start(Source source, int offset) {
        flush();
        StructCursor s = source.at;
        begun = true;
        client = s.client;
        clock = s.clock + offset;
        length = s.len - offset;
        kind = s.isItem() ? ITEM : Items.GC;
        if (kind == ITEM) {
            out.struct(s, offset);
        }
        return source.advance();
    }

    private void flush() {
        if (begun && kind != ITEM) {
            out.run(client, clock, kind, length);
        }
    }
}
