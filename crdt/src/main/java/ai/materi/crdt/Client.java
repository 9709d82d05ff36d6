package ai.materi.crdt;

import java.util.Arrays;

/**
 * The items of one author in the order of their clocks, without holes: a list with a gap, so that splitting and merging
 * near one place moves little.
 */
final class Client {
    final long id;
    /** The clock after the last item. */
    int state;
    /** The serial number of the newest transaction when its state last moved: those that were open know where they began. */
    long notedIn;

    private int[] list = new int[4];
    private int gap;
    private int gapSize = 4;
    private int hint;

    Client(long id) {
        this.id = id;
    }

    int size() {
        return list.length - gapSize;
    }

    int get(int position) {
        return list[position < gap ? position : position + gapSize];
    }

    /** Makes room at once for the items that are about to come. */
    void expect(int more) {
        if (gapSize < more) {
            widen(more - gapSize);
        }
    }

    void add(int item, int endClock) {
        insert(size(), item);
        state = endClock;
    }

    void insert(int position, int item) {
        moveGap(position);
        if (gapSize == 0) {
            widen(Math.max(4, list.length >> 1));
        }
        list[gap++] = item;
        gapSize--;
    }

    void remove(int from, int count) {
        moveGap(from + count);
        gap = from;
        gapSize += count;
    }

    private void moveGap(int position) {
        if (position < gap) {
            System.arraycopy(list, position, list, position + gapSize, gap - position);
        } else if (position > gap) {
            System.arraycopy(list, gap + gapSize, list, gap, position - gap);
        }
        gap = position;
    }

    private void widen(int more) {
        int[] wider = Arrays.copyOf(list, list.length + more);
        int behind = gap + gapSize;
        System.arraycopy(list, behind, wider, behind + more, list.length - behind);
        list = wider;
        gapSize += more;
    }

    /**
     * The position of the item that holds the clock, which must be below {@link #state}. What is looked for is often near
     * what was found last: the search goes out from there in steps that double, and halves what it has enclosed.
     */
    int find(Items items, int clock) {
        int low = 0;
        int high = size() - 1;
        if (Items.clock(items.id[get(high)]) <= clock) {
            return high;
        }
        int middle = Math.min(hint, high);
        int step = 1;
        while (true) {
            int item = get(middle);
            int past = clock - Items.clock(items.id[item]);
            if (past < 0) {
                high = middle - 1;
                middle -= step;
            } else if (past < items.len[item]) {
                hint = middle;
                return middle;
            } else {
                low = middle + 1;
                middle += step;
            }
            if (low > high) {
                throw new IllegalStateException("no item holds the clock " + clock);
            }
            step <<= 1;
            if (middle < low || middle > high) {
                middle = (low + high) >>> 1;
            }
        }
    }

    long estimatedBytes() {
        return 48 + 4L * list.length;
    }
}
