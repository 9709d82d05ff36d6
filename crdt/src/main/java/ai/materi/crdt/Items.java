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
    /** The index of the type that holds the item. */
    int[] parent = new int[16];
    /** The interned key of a map entry, or {@link #NONE} in a sequence. */
    int[] key = new int[16];
    /** Where the content is: an offset in the arena, the index of a type or of a format. */
    int[] at = new int[16];
    /** How many bytes of the arena the content takes. */
    int[] size = new int[16];

    byte[] info = new byte[16];

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
            grow(top + (top >> 1));
        }
        return top++;
    }

    void release(int i) {
        live--;
        id[i] = NO_ID;
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
        parent = Arrays.copyOf(parent, capacity);
        key = Arrays.copyOf(key, capacity);
        at = Arrays.copyOf(at, capacity);
        size = Arrays.copyOf(size, capacity);
        info = Arrays.copyOf(info, capacity);
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

    long lastId(int i) {
        return id[i] + len[i] - 1;
    }

    int endClock(int i) {
        return clock(id[i]) + len[i];
    }

    long estimatedBytes() {
        return 53L * id.length;
    }
}
