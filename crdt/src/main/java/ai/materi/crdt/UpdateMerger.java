package ai.materi.crdt;

import java.util.List;
import java.util.PriorityQueue;

/**
 * Merges updates without building a document: a k-way merge of their structs by client (highest first) and clock, which
 * skips what was written already, cuts what overlaps, and fills holes with skip structs.
 *
 * <p>Bytes come out as from {@code Y.mergeUpdates}. Where two updates are at the same struct, that one goes first that was
 * read from last: yjs re-sorts its list stably with the current one in front, and the heap here ranks alike.
 */
final class UpdateMerger {
    private static final int ITEM = 1;

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
    private final PriorityQueue<Source> queue;
    private long lastRank;

    /** The struct being written: an item is out already, a run waits because it may still grow or shrink. */
    private boolean begun;

    private int kind;
    private long client;
    private int clock;
    private int length;

    private UpdateMerger(int sources) {
        queue = new PriorityQueue<>(Math.max(1, sources));
    }

    static byte[] merge(List<byte[]> updates, int budget) {
        UpdateMerger merger = new UpdateMerger(updates.size());
        StructCursor[] cursors = new StructCursor[updates.size()];
        for (int i = 0; i < cursors.length; i++) {
            cursors[i] = new StructCursor(updates.get(i), budget);
            Source source = new Source(cursors[i], i);
            if (source.advance()) {
                merger.queue.add(source);
            }
        }
        merger.run();
        DeleteSet.Builder deletes = new DeleteSet.Builder();
        for (StructCursor cursor : cursors) {
            DeleteRanges.read(cursor.in, cursor.budgetLeft()).addTo(deletes);
        }
        return merger.out.finish(deletes.build(true));
    }

    private int end() {
        return clock + length;
    }

    private void run() {
        while (!queue.isEmpty()) {
            Source source = queue.remove();
            if (take(source)) {
                source.rank = --lastRank;
                queue.add(source);
            }
        }
        flush();
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
