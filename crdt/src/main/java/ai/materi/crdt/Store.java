package ai.materi.crdt;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * All content of a document and the algorithm that orders it.
 *
 * <h2>The algorithm</h2>
 *
 * <p>It is YATA (Nicolaescu, Jahns, Derntl, Klamma: "Near Real-Time Peer-to-Peer Shared Editing on Extensible Data
 * Types", GROUP 2016) as yjs 13 practises it, and it decides like yjs in every case, for two engines that disagree once
 * disagree for good. Content is a set of <i>items</i>. An item has an id (client, clock), the ids of the units that were
 * to its left and right when it was written (its origins), and a run of content whose every unit takes one clock. A
 * sequence is a doubly linked list of items; a map entry is such a list too, whose last item is the value and whose
 * others are deleted. Where two items were written between the same neighbours, {@link #place} finds one order for
 * everybody. Deleting marks; collecting replaces deleted content by its bare length, and what hung in a deleted type by
 * {@code GC} runs. What an {@link UndoManager} may want back is kept from that, and comes back as a copy ({@link Restorer}).
 *
 * <p>Runs are split where somebody points into them and merged back at the end of the transaction, following yjs step by
 * step: which items stand merged is visible in the bytes of an encoded state.
 *
 * <h2>The layout</h2>
 *
 * <p>A server holds many documents and touches few items of each, so an item is not an object but a row in primitive
 * columns ({@link Items}: 45 to 49 bytes a row, reused when rows merge). Ids are longs: a small client index above a 31-bit
 * clock. Each client has its rows in clock order ({@link Client}, a gap list searched by halving, last hit first). Text
 * and values stay the bytes that were received, in one {@link Arena}, and become Java strings when somebody reads them;
 * their order of keys and their numbers are therefore written exactly as they came. Runs typed one after the other lie
 * one after the other in the arena, so that merging a keystroke into its word moves nothing. Formatting values are
 * interned ({@link Formats}), keys too ({@link Keys}), and all values of a map entry share one place. A shared type is an
 * object ({@link Branch}), for there are few.
 *
 * <p>Links and clocks are all that receiving, storing and relaying need. Who edits by index, or asks for one, needs order
 * statistics: the {@link PositionIndex} makes them, sequence by sequence, once somebody walks far, and nobody else pays.
 * {@link Markers} decide, as in yjs, on which side of deleted content an insertion falls.
 *
 * <p>Nothing here recurses over input: deleting and collecting nested types keep explicit worklists.
 *
 * <p>Single-threaded, as is everything that stands on it.
 */
final class Store {
    final Items items = new Items();
    final Arena arena = new Arena();
    final Clients clients = new Clients();
    final Keys keys = new Keys();
    final Formats formats = new Formats();
    PositionIndex positions = new PositionIndex(this);
    final Map<String, Branch> roots = new LinkedHashMap<>();
    private final Visited visited = new Visited(items);
    /** How many neighbours items may still pass on the way to their places, before somebody says otherwise. */
    private long passes = Long.MAX_VALUE;

    private final ValueOffsets valueOffsets = new ValueOffsets();

    private boolean compactsWhenAsked;
    /** Items that were brought back, and the id of what they were brought back as. */
    private final Map<Integer, Long> redone = new HashMap<>(0);

    private Branch[] branches = new Branch[4];
    private int branchTop;
    private int[] freeBranches = {};
    private int freeCount;

    /** Transactions that are not yet cleaned up; each must learn when a client's state first moves. */
    private final Deque<Transaction> open = new ArrayDeque<>(2);
    /** The serial number of the one that began last. */
    private long newest;

    void begin(Transaction tx) {
        open.addLast(tx);
        newest = tx.serial;
    }

    void end(Transaction tx) {
        open.remove(tx);
    }

    // ---- types

    Branch root(String name) {
        Branch known = roots.get(name);
        return known != null ? known : newBranch(Branch.UNTYPED, name, null);
    }

    Branch newBranch(int kind, @Nullable String rootName, @Nullable String nodeName) {
        int index = freeCount > 0 ? freeBranches[--freeCount] : branchTop++;
        if (index == branches.length) {
            branches = Arrays.copyOf(branches, index * 2);
        }
        Branch branch = new Branch(index, kind, rootName, nodeName);
        branches[index] = branch;
        if (rootName != null) {
            roots.put(rootName, branch);
        }
        return branch;
    }

    Branch branch(int index) {
        return branches[index];
    }

    private void bury(Branch branch) {
        branch.dead = true;
        branch.start = Items.NONE;
        branch.entries = null;
        if (freeCount == freeBranches.length) {
            freeBranches = Arrays.copyOf(freeBranches, Math.max(8, freeCount * 2));
        }
        freeBranches[freeCount++] = branch.index;
    }

    /** The type that an item holds. */
    Branch content(int item) {
        return branches[items.at[item]];
    }

    /** Where an item goes into the type: its sequence, or one of its entries. */
    int placeIn(Branch parent, int key) {
        if (key == Items.NONE) {
            return parent.index;
        }
        int last = parent.entry(key);
        return last == Items.NONE ? items.addEntry(parent.index, key) : items.place[last];
    }

    /** The type in whose sequence the item lies, when that has an index to be told of what happens. */
    private @Nullable Branch indexed(int item) {
        int place = items.place[item];
        return place >= 0 && branches[place].chunks != Items.NONE ? branches[place] : null;
    }

    Branch parent(int item) {
        return branches[items.parent(item)];
    }

    /** Whether the type is no longer in the document. */
    boolean isGone(Branch branch) {
        return branch.dead || (!branch.isRoot() && items.isDeleted(branch.item));
    }

    Branch rootOf(Branch branch) {
        Branch b = branch;
        while (!b.isRoot() && !b.dead) {
            b = parent(b.item);
        }
        return b;
    }

    // ---- finding

    int find(long id) {
        Client client = clients.at(Items.client(id));
        return client.get(client.find(items, Items.clock(id)));
    }

    Id publicId(long id) {
        return new Id(clients.at(Items.client(id)).id, Items.clock(id));
    }

    /** The item that holds the unit, or none when it is not known here. */
    int findPublic(Id id) {
        int client = clients.find(id.client());
        boolean known = client >= 0 && id.clock() >= 0 && id.clock() < clients.at(client).state;
        return known ? find(Items.pack(client, (int) id.clock())) : Items.NONE;
    }

    /** The id, as it is here, of a unit that {@link #findPublic} finds. */
    long unit(Id id) {
        return Items.pack(clients.find(id.client()), (int) id.clock());
    }

    /** Visits the items in a range of units; splits those that reach over its ends. */
    void forEachItem(Transaction tx, long from, int length, IntConsumer visit) {
        Client client = clients.at(Items.client(from));
        long end = from + length;
        int p = client.find(items, Items.clock(from));
        int first = client.get(p);
        if (items.id[first] < from && items.kind(first) != Items.GC) {
            split(tx, client, p, (int) (from - items.id[first]));
            p++;
        }
        while (p < client.size() && items.id[client.get(p)] < end) {
            int item = client.get(p);
            if (items.lastId(item) >= end && items.kind(item) != Items.GC) {
                split(tx, client, p, (int) (end - items.id[item]));
            }
            p++;
            visit.accept(item);
        }
    }

    /** As {@link #forEachItem(Transaction, long, int, IntConsumer)}, of all ranges, client by client as they came. */
    void forEachItem(Transaction tx, DeleteLog log, IntConsumer visit) {
        for (int c = 0; c < log.clients(); c++) {
            int client = log.client(c);
            for (int d = log.firstOf(client); d < log.size && Items.client(log.from[d]) == client; d++) {
                forEachItem(tx, log.from[d], log.len[d], visit);
            }
        }
    }

    /** The item that begins with the id; splits the one that holds it when it begins earlier. */
    int cleanStart(Transaction tx, long id) {
        Client client = clients.at(Items.client(id));
        int position = client.find(items, Items.clock(id));
        int item = client.get(position);
        int diff = (int) (id - items.id[item]);
        if (diff > 0 && items.kind(item) != Items.GC) {
            return split(tx, client, position, diff);
        }
        return item;
    }

    /** The item that ends with the id; splits the one that holds it when it ends later. */
    int cleanEnd(Transaction tx, long id) {
        Client client = clients.at(Items.client(id));
        int position = client.find(items, Items.clock(id));
        int item = client.get(position);
        int diff = (int) (id - items.id[item]) + 1;
        if (diff != items.len[item] && items.kind(item) != Items.GC) {
            split(tx, client, position, diff);
        }
        return item;
    }

    // ---- splitting

    /** Cuts the item at a client's position after {@code diff} units and answers the right part. */
    int split(Transaction tx, Client client, int position, int diff) {
        int r = items.allocate();
        int l = client.get(position);
        items.id[r] = items.id[l] + diff;
        items.origin[r] = items.id[r] - 1;
        items.rightOrigin[r] = items.rightOrigin[l];
        items.left[r] = l;
        items.right[r] = items.right[l];
        items.place[r] = items.place[l];
        items.info[r] = (byte) (items.info[l] & ~Items.MARKED);
        int size = items.size(l);
        items.len[r] = items.len[l] - diff;
        items.len[l] = diff;
        items.at[r] = items.at[l];
        if (isRedone(l)) {
            setRedone(r, redone(l) + diff);
        }
        splitContent(l, r, size);
        items.right[l] = r;
        if (items.right[r] != Items.NONE) {
            items.left[items.right[r]] = r;
        } else if (items.key(r) != Items.NONE) {
            parent(r).setEntry(items.key(r), r);
        }
        Branch indexed = indexed(r);
        if (indexed != null) {
            positions.split(indexed, l, r);
        }
        tx.mergeLater(items.id[r]);
        client.insert(position + 1, r);
        return r;
    }

    /** @param size that of the whole */
    private void splitContent(int l, int r, int size) {
        switch (items.kind(l)) {
            case Items.DELETED_CONTENT -> {}
            case Items.STRING -> splitText(l, r, size);
            case Items.ANY, Items.JSON -> cut(l, r, size, valueOffset(l, items.len[l]));
            default -> throw new IllegalStateException("content of one unit cannot be split");
        }
    }

    private void cut(int l, int r, int size, int offset) {
        items.at[r] = items.at[l] + offset;
        items.setSize(r, size - offset);
        items.setSize(l, offset);
    }

    private void splitText(int l, int r, int size) {
        int length = items.len[l] + items.len[r];
        if (size == length) {
            cut(l, r, size, items.len[l]);
            return;
        }
        if (items.has(l, Items.LONE)) {
            splitAsString(l, r, size);
            return;
        }
        int at = items.at[l];
        int offset = items.len[l] <= items.len[r]
                ? Utf8.offsetOf(arena.buf, at, size, items.len[l])
                : Utf8.offsetBefore(arena.buf, at, size, items.len[r]);
        if (offset >= 0) {
            cut(l, r, size, offset);
        } else {
            splitPair(l, r, size, ~offset);
        }
    }

    /** Half a pair is no text: where a cut parts one, both sides get U+FFFD instead, as in yjs. The shorter side moves. */
    private void splitPair(int l, int r, int size, int pair) {
        int at = items.at[l];
        int tail = size - pair - Utf8.PAIR;
        if (tail <= pair) {
            items.at[r] = arena.add(arena.buf, at + size - tail - Utf8.REPLACED, Utf8.REPLACED + tail);
            arena.drop(tail + Utf8.PAIR - Utf8.REPLACED);
        } else {
            items.at[l] = arena.add(arena.buf, at, pair + Utf8.REPLACED);
            items.at[r] = at + pair + Utf8.PAIR - Utf8.REPLACED;
            arena.drop(pair + Utf8.PAIR - Utf8.REPLACED);
        }
        Utf8.replace(arena.buf, items.at[l] + pair);
        Utf8.replace(arena.buf, items.at[r]);
        items.setSize(l, pair + Utf8.REPLACED);
        items.setSize(r, Utf8.REPLACED + tail);
    }

    private void splitAsString(int l, int r, int size) {
        String text = Utf8.decodeLoose(arena.buf, items.at[l], size);
        String head = text.substring(0, items.len[l]);
        String tail = text.substring(items.len[l]);
        if (Character.isHighSurrogate(head.charAt(head.length() - 1))) {
            head = head.substring(0, head.length() - 1) + '\uFFFD';
            tail = '\uFFFD' + tail.substring(1);
        }
        arena.drop(size);
        setText(l, head);
        setText(r, tail);
    }

    void setText(int item, String text) {
        int at = arena.addText(text);
        items.at[item] = at;
        items.setSize(item, arena.top() - at);
        items.set(item, Items.LONE, Utf8.hasLoneSurrogate(text));
    }

    /** The offset, in an item's bytes, of its value number {@code n}. */
    int valueOffset(int item, int n) {
        int at = items.at[item];
        return valueOffsets.find(arena.reader(at, items.size(item)), items.kind(item), n) - at;
    }

    // ---- bringing back

    boolean isRedone(int item) {
        return !redone.isEmpty() && redone.containsKey(item);
    }

    /** The id of what the item was brought back as, or {@link Items#NO_ID}. */
    long redone(int item) {
        return redone.getOrDefault(item, Items.NO_ID);
    }

    void setRedone(int item, long as) {
        redone.put(item, as);
    }

    /** What a unit is now: the unit that it was brought back as, and that one again. */
    long followRedone(long id) {
        long unit = id;
        while (true) {
            int item = find(unit);
            if (!isRedone(item)) {
                return unit;
            }
            unit = redone(item) + (unit - items.id[item]);
        }
    }

    /** Keeps the content of an item and of all around it, or no longer. */
    void keep(int item, boolean on) {
        for (int i = item; i != Items.NONE && items.has(i, Items.KEEP) != on; i = parent(i).item) {
            items.set(i, Items.KEEP, on);
        }
    }

    /** Whether an item lies in the type, at whatever depth. */
    boolean isInside(Branch branch, int item) {
        for (int i = item; i != Items.NONE; i = parent(i).item) {
            if (parent(i) == branch) {
                return true;
            }
        }
        return false;
    }

    // ---- merging

    /** Merges the item at a client's position into its left neighbours as far as it goes; answers how many went. */
    int mergeLefts(Client client, int position) {
        int at = position;
        while (at > 0 && isOneRun(client.get(at - 1), client.get(at))) {
            at--;
        }
        int merged = position - at;
        if (merged > 0) {
            mergeRun(client, at, position);
            client.remove(at + 1, merged);
        }
        return merged;
    }

    /** From left to right: content that has to be moved together then moves once. */
    private void mergeRun(Client client, int from, int to) {
        int left = client.get(from);
        for (int p = from + 1; p <= to; p++) {
            int right = client.get(p);
            if (items.kind(left) == Items.GC) {
                items.len[left] += items.len[right];
            } else {
                merge(left, right);
            }
            items.release(right);
        }
    }

    private boolean isOneRun(int left, int right) {
        int kind = items.kind(left);
        if (kind != items.kind(right)) {
            return false;
        }
        return kind == Items.GC
                || (Items.isMergeable(kind)
                        && items.right[left] == right
                        && items.origin[right] == items.lastId(left)
                        && items.rightOrigin[left] == items.rightOrigin[right]
                        && items.isDeleted(left) == items.isDeleted(right)
                        && !isRedone(left)
                        && !isRedone(right));
    }

    private void merge(int left, int right) {
        int kind = items.kind(left);
        int size = mergeContent(kind, left, right);
        items.info[left] |= (byte) (items.info[right] & Items.KEEP);
        Branch parent = parent(left);
        if (parent.markers != null) {
            parent.markers.merged(items, left, right);
        }
        if (parent.chunks != Items.NONE && items.place[right] >= 0) {
            positions.merged(parent, left, right);
        }
        int next = items.right[right];
        items.right[left] = next;
        if (next != Items.NONE) {
            items.left[next] = left;
        }
        items.len[left] += items.len[right];
        items.setSize(left, size);
        int key = items.key(right);
        if (key != Items.NONE && parent.entry(key) == right) {
            parent.setEntry(key, left);
        }
    }

    /** Answers the size of the whole, for the caller to set with the length. */
    private int mergeContent(int kind, int left, int right) {
        if (kind == Items.DELETED_CONTENT) {
            return 0;
        }
        int leftSize = items.size(left);
        int rightSize = items.size(right);
        if (items.has(left, Items.LONE) || items.has(right, Items.LONE)) {
            String text = text(left) + text(right);
            arena.drop(leftSize + rightSize);
            setText(left, text);
            return items.size(left);
        }
        items.at[left] = arena.join(items.at[left], leftSize, items.at[right], rightSize);
        return leftSize + rightSize;
    }

    String text(int item) {
        if (!items.has(item, Items.LONE)) {
            return new String(arena.buf, items.at[item], items.size(item), StandardCharsets.UTF_8);
        }
        return Utf8.decodeLoose(arena.buf, items.at[item], items.size(item));
    }

    // ---- integrating

    /** Appends a row to its client's list. */
    void append(int item) {
        int index = Items.client(items.id[item]);
        Client client = clients.at(index);
        if (client.notedIn != newest) {
            for (Transaction tx : open) {
                tx.note(index, client.state);
            }
            client.notedIn = newest;
        }
        client.add(item, items.endClock(item));
    }

    void addGc(long id, int length) {
        int item = items.allocate();
        items.id[item] = id;
        items.len[item] = length;
        becomeGc(item);
        append(item);
    }

    private void becomeGc(int item) {
        if (isRedone(item)) {
            redone.remove(item);
        }
        items.info[item] = (byte) (Items.GC | Items.DELETED);
        items.origin[item] = Items.NO_ID;
        items.rightOrigin[item] = Items.NO_ID;
        items.left[item] = Items.NONE;
        items.right[item] = Items.NONE;
        items.place[item] = Items.NONE;
        items.at[item] = 0;
        items.setSize(item, 0);
    }

    /** Takes an item, complete but for its final place, into the document. */
    void integrate(Transaction tx, int item) {
        Branch parent = parent(item);
        int left = items.left[item];
        int right = items.right[item];
        if (left == Items.NONE ? right == Items.NONE || items.left[right] != Items.NONE : items.right[left] != right) {
            left = place(item, parent);
            items.left[item] = left;
        }
        connect(tx, item, left, parent);
        int key = items.key(item);
        if (key == Items.NONE && items.isVisible(item)) {
            parent.length += items.len[item];
        }
        append(item);
        integrateContent(tx, item, parent);
        tx.change(parent, key);
        boolean parentDeleted = !parent.isRoot() && items.isDeleted(parent.item);
        if (parentDeleted || (key != Items.NONE && items.right[item] != Items.NONE)) {
            delete(tx, item);
        }
    }

    /** The first item where an item goes: of the sequence or of the entry. */
    private int first(int item, Branch parent) {
        int place = items.place[item];
        return place >= 0 ? parent.start : items.firstOfEntry(place);
    }

    private void setFirst(int item, Branch parent) {
        int place = items.place[item];
        if (place >= 0) {
            parent.start = item;
        } else {
            items.setFirstOfEntry(place, item);
        }
    }

    /**
     * The left neighbour among items that were written at the same place: walks them from the left origin to the right
     * origin, and an item of a higher client, or one that belongs to an earlier neighbour, is passed.
     */
    private int place(int item, Branch parent) {
        long[] origins = items.origin;
        long origin = origins[item];
        long rightOrigin = items.rightOrigin[item];
        long client = clients.idAt(Items.client(items.id[item]));
        int left = items.left[item];
        int stop = items.right[item];
        int o = left != Items.NONE ? items.right[left] : first(item, parent);
        visited.begin(o);
        int conflictsFrom = 0;
        int before = Items.NONE;
        int count = 1;
        for (; o != Items.NONE && o != stop; count++) {
            if (origins[o] == origin) {
                if (clients.idAt(Items.client(items.id[o])) < client) {
                    left = o;
                    conflictsFrom = count;
                } else if (items.rightOrigin[o] == rightOrigin) {
                    break;
                }
            } else {
                int rank = originRank(o, before, count);
                if (rank < 0) {
                    break;
                }
                if (rank < conflictsFrom) {
                    left = o;
                    conflictsFrom = count;
                }
            }
            before = o;
            o = items.right[o];
        }
        passes -= count - 1;
        return left;
    }

    /** Bounds, from now on, how many neighbours items may pass in all. */
    void allowPasses(long most) {
        passes = most;
    }

    /** Whether they have passed more than they may. */
    boolean isOutOfPasses() {
        return passes < 0;
    }

    /**
     * Which one of the items that {@link #place} has come by is the left origin of the last of them.
     *
     * @param before the one before it
     * @param count how many it has come by
     */
    private int originRank(int o, int before, int count) {
        long origin = items.origin[o];
        if (before != Items.NONE && origin == items.lastId(before)) {
            return count - 2;
        }
        return origin == Items.NO_ID ? -1 : visited.rank(find(origin), count);
    }

    private void connect(Transaction tx, int item, int left, Branch parent) {
        int key = items.key(item);
        int right;
        if (left != Items.NONE) {
            right = items.right[left];
            items.right[left] = item;
        } else {
            right = first(item, parent);
            setFirst(item, parent);
        }
        items.right[item] = right;
        if (right != Items.NONE) {
            items.left[right] = item;
        } else if (key != Items.NONE) {
            parent.setEntry(key, item);
            if (left != Items.NONE) {
                delete(tx, left);
            }
        }
        if (key == Items.NONE && parent.chunks != Items.NONE) {
            positions.inserted(parent, item);
        }
    }

    private void integrateContent(Transaction tx, int item, Branch parent) {
        switch (items.kind(item)) {
            case Items.DELETED_CONTENT -> {
                tx.deletes.add(items.id[item], items.len[item]);
                items.set(item, Items.DELETED, true);
            }
            case Items.FORMAT -> {
                parent.markers = null;
                parent.hasFormatting = true;
            }
            case Items.TYPE -> content(item).item = item;
            default -> {}
        }
    }

    // ---- deleting and collecting

    void delete(Transaction tx, int item) {
        if (items.isDeleted(item)) {
            return;
        }
        deleteOne(tx, item);
        if (items.kind(item) != Items.TYPE) {
            return;
        }
        Deque<Walk> work = new ArrayDeque<>();
        work.add(new Walk(content(item)));
        while (!work.isEmpty()) {
            int inside = work.getLast().next();
            if (inside == Items.NONE) {
                work.removeLast();
            } else if (items.isDeleted(inside)) {
                if (tx.existedBefore(items.id[inside])) {
                    tx.mergeLater(items.id[inside]);
                }
            } else {
                deleteOne(tx, inside);
                if (items.kind(inside) == Items.TYPE) {
                    work.add(new Walk(content(inside)));
                }
            }
        }
    }

    /** Through a type: its sequence, then its entries. What lies inside an item comes before its neighbours, as in yjs. */
    private final class Walk {
        private final Branch branch;
        private int item;
        private int entry;

        Walk(Branch branch) {
            this.branch = branch;
            this.item = branch.start;
        }

        int next() {
            if (item != Items.NONE) {
                int found = item;
                item = items.right[found];
                return found;
            }
            IntMap entries = branch.entries;
            return entries == null || entry == entries.size() ? Items.NONE : entries.valueAt(entry++);
        }
    }

    private void deleteOne(Transaction tx, int item) {
        Branch parent = parent(item);
        if (items.key(item) == Items.NONE && items.isCountable(item)) {
            parent.length -= items.len[item];
        }
        items.set(item, Items.DELETED, true);
        Branch indexed = indexed(item);
        if (indexed != null) {
            positions.deleted(indexed, item);
        }
        tx.deletes.add(items.id[item], items.len[item]);
        tx.change(parent, items.key(item));
    }

    /** Replaces deleted content that nobody keeps by its length, and everything inside a deleted type by GC runs. */
    void collect(DeleteLog log) {
        for (int d = log.size - 1; d >= 0; d--) {
            Client client = clients.at(Items.client(log.from[d]));
            long end = log.from[d] + log.len[d];
            for (int p = client.find(items, Items.clock(log.from[d])); p < client.size(); p++) {
                int item = client.get(p);
                if (items.id[item] >= end) {
                    break;
                }
                if (items.kind(item) != Items.GC && items.isDeleted(item) && !items.has(item, Items.KEEP)) {
                    collectOne(item);
                }
            }
        }
    }

    private void collectOne(int item) {
        if (items.kind(item) == Items.TYPE) {
            collectInside(content(item));
        }
        dropContent(item);
        items.info[item] = (byte) ((items.info[item] & ~(Items.KIND | Items.LONE)) | Items.DELETED_CONTENT);
        items.setSize(item, 0);
    }

    private void collectInside(Branch branch) {
        Deque<Branch> work = new ArrayDeque<>();
        work.add(branch);
        while (!work.isEmpty()) {
            Branch b = work.removeFirst();
            positions.drop(b);
            for (int i = b.start; i != Items.NONE; ) {
                int next = items.right[i];
                collectToGc(i, work);
                i = next;
            }
            for (int e = 0; b.entries != null && e < b.entries.size(); e++) {
                int place = items.place[b.entries.valueAt(e)];
                for (int i = b.entries.valueAt(e); i != Items.NONE; ) {
                    int next = items.left[i];
                    collectToGc(i, work);
                    i = next;
                }
                items.releaseEntry(place);
            }
            bury(b);
        }
    }

    private void collectToGc(int item, Deque<Branch> work) {
        if (items.kind(item) == Items.TYPE) {
            work.add(content(item));
        }
        dropContent(item);
        becomeGc(item);
    }

    private void dropContent(int item) {
        int kind = items.kind(item);
        if (Items.isInArena(kind)) {
            arena.drop(items.size(item));
        } else if (kind == Items.FORMAT) {
            formats.release(items.at[item]);
        }
        items.at[item] = 0;
    }

    /** Merges the neighbours of what was deleted, from right to left. */
    void mergeDeleted(DeleteLog log) {
        for (int d = log.size - 1; d >= 0; d--) {
            Client client = clients.at(Items.client(log.from[d]));
            int last = Items.clock(log.from[d]) + log.len[d] - 1;
            int p = Math.min(client.size() - 1, 1 + client.find(items, last));
            while (p > 0 && items.id[client.get(p)] >= log.from[d]) {
                p -= 1 + mergeLefts(client, p);
            }
        }
    }

    /** Merges what a transaction added to each client. */
    void mergeAdded(Transaction tx) {
        for (int m = 0; m < tx.movedCount(); m++) {
            Client client = clients.at(tx.movedClient(m));
            int first = Math.max(client.find(items, tx.movedFrom(m)), 1);
            for (int p = client.size() - 1; p >= first; ) {
                p -= 1 + mergeLefts(client, p);
            }
        }
    }

    /** Merges back what was split. */
    void mergeSplit(Transaction tx) {
        for (int m = tx.mergeCount() - 1; m >= 0; m--) {
            long id = tx.mergeId(m);
            Client client = clients.at(Items.client(id));
            int p = client.find(items, Items.clock(id));
            if (p + 1 < client.size() && mergeLefts(client, p + 1) > 1) {
                continue;
            }
            if (p > 0) {
                mergeLefts(client, p);
            }
        }
    }

    /**
     * Prepares for an update of so many structs: makes room at once, and forgets positions when following it would cost more
     * than finding them again.
     */
    void expect(int structs, int contentBytes) {
        items.reserve(structs);
        arena.expect(contentBytes);
        if (!positions.isEmpty() && structs > items.live() >> 2) {
            positions = positions.emptied();
            for (int b = 0; b < branchTop; b++) {
                branches[b].chunks = Items.NONE;
            }
        }
    }

    void compactsWhenAsked(boolean asked) {
        compactsWhenAsked = asked;
    }

    boolean wantsCompaction() {
        return arena.wantsCompaction();
    }

    /** Moves live content together when most of the arena is garbage. */
    void compactIfWanted() {
        if (arena.wantsCompaction()) {
            valueOffsets.clear();
            arena.compact(this);
        }
    }

    void compactAfterTransaction() {
        valueOffsets.clear();
        if (!compactsWhenAsked || !arena.mayWait()) {
            compactIfWanted();
        }
    }

    long estimatedBytes() {
        return 512
                + items.estimatedBytes()
                + arena.buf.length
                + clients.estimatedBytes()
                + keys.estimatedBytes()
                + formats.estimatedBytes()
                + positions.estimatedBytes()
                + 80L * redone.size()
                + 96L * (branchTop - freeCount);
    }
}
