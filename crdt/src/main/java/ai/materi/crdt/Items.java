package ai.materi.crdt;

import java.util.Arrays;

/**
 * The columns of the store: an item is a row, named by its index. A row that is merged away or collected is reused.
 *
 * <p>An id is packed into a long: the index of the client in the {@link Clients} table above the clock. {@link #NONE}
 * stands for no item, {@link #NO_ID} for no id.
 */
final class Items {
    static final int NONE = -1;
    static final long NO_ID = -1L;

    /** The low four bits of {@link #info} are the kind of content, numbered as on the wire. */
    static final int KIND = 0x0F;

    static final int GC = 0;
    static final int DELETED_CONTENT = 1;
    static final int JSON = 2;
    static final int BINARY = 3;
    static final int STRING = 4;
    static final int EMBED = 5;
    static final int FORMAT = 6;
    static final int TYPE = 7;
    static final int ANY = 8;
    static final int DOC = 9;
    static final int SKIP = 10;

    static final int DELETED = 0x10;
    static final int MARKED = 0x20;
    /** The text holds a lone surrogate in the arena's generalized form. */
    static final int LONE = 0x40;
    /** Somebody may want it back: its content stays when it is deleted. */
    static final int KEEP = 0x80;

    /** The kinds that count towards a type's length. */
    private static final int COUNTABLE =
            1 << JSON | 1 << BINARY | 1 << STRING | 1 << EMBED | 1 << TYPE | 1 << ANY | 1 << DOC;
    /** The kinds whose neighbours merge. */
    private static final int MERGEABLE = 1 << DELETED_CONTENT | 1 << JSON | 1 << STRING | 1 << ANY;
    /** The kinds whose content is bytes in the arena. */
    private static final int IN_ARENA = 1 << JSON | 1 << BINARY | 1 << STRING | 1 << EMBED | 1 << ANY | 1 << DOC;

    long[] id = new long[16];
    long[] origin = new long[16];
    long[] rightOrigin = new long[16];
    int[] len = new int[16];
    int[] left = new int[16];
    int[] right = new int[16];
    /**
     * Where the item lies: the index of the type whose sequence it is in; below {@link #NONE} the number of a map entry,
     * which all values of that entry share; {@link #NONE} once it is collected.
     */
    int[] place = new int[16];
    /** Where the content is: an offset in the arena, the index of a type or of a format. */
    int[] at = new int[16];

    byte[] info = new byte[16];

    /**
     * How many bytes of the arena the content takes; empty as long as there is only text of as many bytes as units, which
     * is what most documents of one alphabet are.
     */
    private int[] size = {};

    private int[] entryParent = {};
    private int[] entryKey = {};
    /** The first item of each entry's chain. */
    private int[] entryFirst = {};

    private int entryTop;
    private int freeEntry = NONE;

    private int top;
    private int free = NONE;
    private int live;

    static long pack(int client, int clock) {
        return (long) client << 32 | clock;
    }

    static int client(long id) {
        return (int) (id >>> 32);
    }

    static int clock(long id) {
        return (int) id;
    }

    int live() {
        return live;
    }

    int top() {
        return top;
    }

    int allocate() {
        live++;
        if (free != NONE) {
            int i = free;
            free = right[i];
            return i;
        }
        if (top == id.length) {
            grow(top + Math.max(16, top >> 2));
        }
        return top++;
    }

    void release(int i) {
        live--;
        id[i] = NO_ID;
        if (size.length > 0) {
            size[i] = 0;
        }
        right[i] = free;
        free = i;
    }

    /** Makes room for {@code more} rows at once, so that a large update does not grow the columns step by step. */
    void reserve(int more) {
        if (top + more > id.length) {
            grow(Math.max(top + more, top + (top >> 2)));
        }
    }

    private void grow(int capacity) {
        id = Arrays.copyOf(id, capacity);
        origin = Arrays.copyOf(origin, capacity);
        rightOrigin = Arrays.copyOf(rightOrigin, capacity);
        len = Arrays.copyOf(len, capacity);
        left = Arrays.copyOf(left, capacity);
        right = Arrays.copyOf(right, capacity);
        place = Arrays.copyOf(place, capacity);
        at = Arrays.copyOf(at, capacity);
        info = Arrays.copyOf(info, capacity);
        if (size.length > 0) {
            size = Arrays.copyOf(size, capacity);
        }
    }

    // ---- places

    /** The index of the type that holds the item. */
    int parent(int i) {
        int p = place[i];
        return p >= NONE ? p : entryParent[entry(p)];
    }

    /** The interned key of a map entry, or {@link #NONE} in a sequence. */
    int key(int i) {
        int p = place[i];
        return p >= NONE ? NONE : entryKey[entry(p)];
    }

    /** The place of a new entry. */
    int addEntry(int parent, int key) {
        int e = freeEntry;
        if (e != NONE) {
            freeEntry = entryKey[e];
        } else {
            e = entryTop++;
            if (e == entryKey.length) {
                int capacity = Math.max(4, e + (e >> 1));
                entryParent = Arrays.copyOf(entryParent, capacity);
                entryKey = Arrays.copyOf(entryKey, capacity);
                entryFirst = Arrays.copyOf(entryFirst, capacity);
            }
        }
        entryParent[e] = parent;
        entryKey[e] = key;
        entryFirst[e] = NONE;
        return entry(e);
    }

    /** The first of all values that an entry has had. */
    int firstOfEntry(int place) {
        return entryFirst[entry(place)];
    }

    void setFirstOfEntry(int place, int item) {
        entryFirst[entry(place)] = item;
    }

    /** Forgets an entry whose values are all collected. */
    void releaseEntry(int place) {
        entryKey[entry(place)] = freeEntry;
        freeEntry = entry(place);
    }

    /** From the number of an entry to its place, and back. */
    private static int entry(int number) {
        return NONE - 1 - number;
    }

    // ---- sizes

    int size(int i) {
        return size.length > 0 ? size[i] : impliedSize(i);
    }

    private int impliedSize(int i) {
        return kind(i) == STRING ? len[i] : 0;
    }

    /** Says how large the content is; the kind and the length must stand. */
    void setSize(int i, int bytes) {
        if (size.length > 0) {
            size[i] = bytes;
        } else if (bytes != impliedSize(i)) {
            spellSizes();
            size[i] = bytes;
        }
    }

    private void spellSizes() {
        int[] spelled = new int[id.length];
        for (int i = 0; i < top; i++) {
            spelled[i] = id[i] == NO_ID ? 0 : impliedSize(i);
        }
        size = spelled;
    }

    int kind(int i) {
        return info[i] & KIND;
    }

    boolean isDeleted(int i) {
        return (info[i] & DELETED) != 0;
    }

    boolean has(int i, int flag) {
        return (info[i] & flag) != 0;
    }

    void set(int i, int flag, boolean on) {
        info[i] = (byte) (on ? info[i] | flag : info[i] & ~flag);
    }

    boolean isCountable(int i) {
        return (COUNTABLE >>> kind(i) & 1) != 0;
    }

    /** Counts towards the length and is not deleted. */
    boolean isVisible(int i) {
        return (info[i] & DELETED) == 0 && (COUNTABLE >>> (info[i] & KIND) & 1) != 0;
    }

    static boolean isMergeable(int kind) {
        return (MERGEABLE >>> kind & 1) != 0;
    }

    static boolean isInArena(int kind) {
        return (IN_ARENA >>> kind & 1) != 0;
    }

    /** Whether an item goes on, by its id, where its left neighbour ends. */
    boolean touches(int left, int i) {
        return id[left] + len[left] == id[i];
    }

    long lastId(int i) {
        return id[i] + len[i] - 1;
    }

    int endClock(int i) {
        return clock(id[i]) + len[i];
    }

    long estimatedBytes() {
        return 45L * id.length + 4L * size.length + 12L * entryKey.length;
    }
}
