package ai.materi.crdt;

import java.util.Arrays;

/**
 * A whole update in columns, read and checked before the document hears of it. A client's section that comes twice counts
 * only the second time, as in yjs.
 */
final class DecodedUpdate {
    private static final int KEEP = 128;

    byte[] buf = {};
    /** Whether half surrogate pairs may stand in text in their generalized form. */
    boolean isLoose;

    int size;
    /** About how many bytes of content it brings into an arena. */
    int arenaBytes;

    int sections;
    long[] sectionClient = new long[2];
    int[] sectionStart = new int[2];
    int[] sectionEnd = new int[2];
    DeleteRanges deletes = new DeleteRanges();

    int[] start = new int[4];
    int[] end = new int[4];
    int[] contentAt = new int[4];
    int[] clock = new int[4];
    int[] len = new int[4];
    byte[] info = new byte[4];
    /** The left origin's client; the parent's where no origin is given and no root named; else absent. */
    long[] originClient = new long[4];
    /** Its clock; where a root is named, where its name begins. */
    int[] originClock = new int[4];

    long[] rightClient = new long[4];
    /** The right origin's clock; where a root is named, the length of its name; where a parent is, -1. */
    int[] rightClock = new int[4];
    /** Where the key begins and how long it is, packed; absent where none is given. */
    long[] key = new long[4];

    DecodedUpdate read(byte[] update, int budget) {
        return read(update, budget, false);
    }

    DecodedUpdate read(byte[] update, int budget, boolean loose) {
        if (!readAsItIs(update, budget, loose)) {
            readAsItIs(CanonicalUpdate.of(update, loose), budget, loose);
        }
        return this;
    }

    /** Answers whether it was canonical. */
    private boolean readAsItIs(byte[] update, int budget, boolean loose) {
        buf = update;
        isLoose = loose;
        size = 0;
        arenaBytes = 0;
        sections = 0;
        StructCursor cursor = new StructCursor(update, budget, loose);
        while (cursor.next()) {
            if (cursor.isFirstOfSection) {
                openSection(cursor.client);
                expect(cursor.likelyStructsLeft());
            }
            checkOwnReferences(cursor);
            append(cursor);
            sectionEnd[sections - 1] = size;
        }
        boolean canonical = cursor.isCanonical();
        dropRepeated();
        deletes = DeleteRanges.read(cursor.in, cursor.budgetLeft());
        return canonical;
    }

    private void openSection(long client) {
        if (sections == sectionClient.length) {
            sectionClient = Arrays.copyOf(sectionClient, sections * 2);
            sectionStart = Arrays.copyOf(sectionStart, sections * 2);
            sectionEnd = Arrays.copyOf(sectionEnd, sections * 2);
        }
        sectionClient[sections] = client;
        sectionStart[sections++] = size;
    }

    /** What an author points at among its own content must have been written before. */
    private static void checkOwnReferences(StructCursor s) {
        boolean ahead = (s.originClient == s.client && s.originClock >= s.clock)
                || (s.rightClient == s.client && s.rightClock >= s.clock)
                || (s.parentClient == s.client && s.parentClock >= s.clock);
        if (ahead) {
            throw new MalformedUpdateException("item that refers to its own future at byte " + s.start);
        }
    }

    private void append(StructCursor s) {
        if (size == start.length) {
            grow(size + Math.max(size >> 1, 4));
        }
        int i = size++;
        start[i] = s.start;
        end[i] = s.end;
        contentAt[i] = s.contentAt;
        clock[i] = s.clock;
        len[i] = s.len;
        info[i] = (byte) s.info;
        arenaBytes += Items.isInArena(s.info & Items.KIND) ? s.end - s.contentAt : 0;
        originClient[i] = s.originClient;
        originClock[i] = s.originClock;
        rightClient[i] = s.rightClient;
        rightClock[i] = s.rightClock;
        key[i] = s.keyLength < 0 ? StructCursor.ABSENT : Items.pack(s.keyAt, s.keyLength);
        if (s.nameLength >= 0) {
            originClock[i] = s.nameAt;
            rightClock[i] = s.nameLength;
        } else if (s.parentClient != StructCursor.ABSENT) {
            originClient[i] = s.parentClient;
            originClock[i] = s.parentClock;
            rightClock[i] = -1;
        }
    }

    private void expect(int more) {
        if (size + more > start.length) {
            grow(size + Math.max(more, size >> 1));
        }
    }

    private void grow(int capacity) {
        start = Arrays.copyOf(start, capacity);
        end = Arrays.copyOf(end, capacity);
        contentAt = Arrays.copyOf(contentAt, capacity);
        clock = Arrays.copyOf(clock, capacity);
        len = Arrays.copyOf(len, capacity);
        info = Arrays.copyOf(info, capacity);
        originClient = Arrays.copyOf(originClient, capacity);
        originClock = Arrays.copyOf(originClock, capacity);
        rightClient = Arrays.copyOf(rightClient, capacity);
        rightClock = Arrays.copyOf(rightClock, capacity);
        key = Arrays.copyOf(key, capacity);
    }

    /** Puts the sections in ascending order of clients and keeps the last of each. */
    private void dropRepeated() {
        if (sections < 2) {
            return;
        }
        boolean descending = true;
        for (int s = 1; s < sections; s++) {
            descending &= sectionClient[s] < sectionClient[s - 1];
        }
        Integer[] order = new Integer[descending ? 0 : sections];
        for (int s = 0; s < order.length; s++) {
            order[s] = s;
        }
        long[] client = sectionClient.clone();
        int[] from = sectionStart.clone();
        int[] to = sectionEnd.clone();
        Arrays.sort(
                order, (a, b) -> client[a] != client[b] ? Long.compare(client[a], client[b]) : Integer.compare(a, b));
        int out = 0;
        for (int k = 0; k < sections; k++) {
            int s = descending ? sections - 1 - k : order[k];
            out -= out > 0 && sectionClient[out - 1] == client[s] ? 1 : 0;
            sectionClient[out] = client[s];
            sectionStart[out] = from[s];
            sectionEnd[out++] = to[s];
        }
        sections = out;
    }

    boolean isSkip(int i) {
        return (info[i] & StructCursor.REF) == Items.SKIP;
    }

    boolean isGc(int i) {
        return (info[i] & StructCursor.REF) == Items.GC;
    }

    boolean hasOrigin(int i) {
        return (info[i] & StructCursor.HAS_ORIGIN) != 0;
    }

    boolean hasRightOrigin(int i) {
        return (info[i] & StructCursor.HAS_RIGHT_ORIGIN) != 0;
    }

    boolean namesRoot(int i) {
        return isOnItsOwn(i) && rightClock[i] >= 0;
    }

    boolean namesParent(int i) {
        return isOnItsOwn(i) && rightClock[i] < 0;
    }

    private boolean isOnItsOwn(int i) {
        return !isGc(i) && (info[i] & (StructCursor.HAS_ORIGIN | StructCursor.HAS_RIGHT_ORIGIN)) == 0;
    }

    /** Copies a struct, untouched but for the flag that has no use, into another update. */
    void write(ByteWriter out, int i) {
        int own = isGc(i) ? Items.GC : info[i] & 0xFF;
        StructWriter.writeItem(out, own, buf, start[i], contentAt[i], end[i]);
    }

    /** Whether it is small enough to be used again. */
    boolean isReusable() {
        return start.length <= KEEP;
    }

    void release() {
        buf = new byte[0];
    }
}
