package ai.materi.crdt;

import java.util.Arrays;

/**
 * The bytes of all content, in the form in which they came. Runs that are typed one after the other lie one after the
 * other, so that merging them moves nothing; what is deleted or moved away is garbage until the store compacts.
 */
final class Arena {
    private static final int LIMIT = Integer.MAX_VALUE - 16;

    byte[] buf = new byte[64];
    private int top;
    private int garbage;

    int top() {
        return top;
    }

    /**
     * Makes room at once for what is about to come: a first load fits exactly, and one large update after another does not
     * copy the whole each time.
     */
    void expect(int bytes) {
        if (buf.length - top < bytes && (long) top + bytes <= LIMIT) {
            buf = Arrays.copyOf(buf, (int) Math.min(LIMIT, Math.max((long) top + bytes, top + (long) (top >> 2))));
        }
    }

    int reserve(int bytes) {
        if (buf.length - top < bytes) {
            long wanted = Math.max((long) top + bytes, top + (long) (top >> 1));
            if ((long) top + bytes > LIMIT) {
                throw new IllegalStateException("a document holds at most 2 GiB of content");
            }
            buf = Arrays.copyOf(buf, (int) Math.min(wanted, LIMIT));
        }
        int at = top;
        top += bytes;
        return at;
    }

    int add(byte[] source, int offset, int length) {
        int at = reserve(length);
        System.arraycopy(source, offset, buf, at, length);
        return at;
    }

    int addText(String text) {
        int at = reserve(Utf8.encodedLength(text));
        Utf8.encode(text, buf, at, true);
        return at;
    }

    void drop(int bytes) {
        garbage += bytes;
    }

    boolean wantsCompaction() {
        return garbage > 1 << 16 && garbage > top >> 1;
    }

    /** Whether compaction is so much work that it may wait for a better moment, and there is still little enough garbage. */
    boolean mayWait() {
        return top > 1 << 20 && garbage < top - (top >> 2);
    }

    /** Joins two runs and answers where the whole is; nothing moves when they already touch. */
    int join(int left, int leftSize, int right, int rightSize) {
        if (left + leftSize == right) {
            return left;
        }
        if (left + leftSize == top) {
            int at = reserve(rightSize);
            System.arraycopy(buf, right, buf, at, rightSize);
            drop(rightSize);
            return left;
        }
        int at = reserve(leftSize + rightSize);
        System.arraycopy(buf, left, buf, at, leftSize);
        System.arraycopy(buf, right, buf, at + leftSize, rightSize);
        drop(leftSize + rightSize);
        return at;
    }

    /** Copies what the store still refers to, client by client, into a buffer of its size. */
    void compact(Store store) {
        Items items = store.items;
        byte[] old = buf;
        long live = 0;
        for (int i = 0; i < items.top(); i++) {
            live += items.id[i] == Items.NO_ID ? 0 : items.size(i);
        }
        buf = new byte[(int) Math.min(LIMIT, live + (live >> 2) + 64)];
        top = 0;
        garbage = 0;
        for (int c = 0; c < store.clients.size(); c++) {
            Client client = store.clients.at(c);
            for (int p = 0; p < client.size(); p++) {
                int item = client.get(p);
                if (Items.isInArena(items.kind(item))) {
                    items.at[item] = add(old, items.at[item], items.size(item));
                }
            }
        }
    }

    ByteReader reader(int at, int size) {
        return new ByteReader(buf, at, at + size);
    }
}
