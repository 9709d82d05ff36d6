package ai.materi.crdt;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes a decoded update into a store: in causal order, highest client first, exactly as yjs walks it, so that what must
 * wait is the same here and there.
 */
final class Integrator {
    private final Store store;
    private final Items items;
    private final Transaction tx;
    private final DecodedUpdate u;
    private final SubDocuments subDocuments;
    /** The next struct of each section. */
    private final int[] cursor;
    /** Sections that were set aside, or are used up by being set aside. */
    private final boolean[] removed;

    private int[] stack = new int[8];
    private int[] stackSection = new int[8];
    private int depth;
    /** The sections that are still to be walked are those below. */
    private int top;

    /** Section to the run of structs that must wait. */
    private final Map<Integer, int[]> rest = new LinkedHashMap<>(0);

    final Map<Long, Integer> missing = new HashMap<>(0);
    private @Nullable Map<Long, Integer> sectionIndex;
    private String lastName = "";
    private int lastNameAt = -1;
    private int lastNameLength;

    Integrator(Store store, SubDocuments subDocuments, Transaction tx, DecodedUpdate update) {
        this.store = store;
        this.subDocuments = subDocuments;
        this.items = store.items;
        this.tx = tx;
        this.u = update;
        this.cursor = Arrays.copyOf(update.sectionStart, update.sections);
        this.removed = new boolean[update.sections];
        this.top = update.sections;
    }

    /** Places what can be placed; answers the rest as an update, or null when there is none. */
    byte @Nullable [] run() {
        int current = nextSection();
        if (current < 0) {
            return null;
        }
        int head = cursor[current]++;
        int section = current;
        while (true) {
            int needed = step(head, section);
            if (needed >= 0) {
                section = needed;
                head = cursor[needed]++;
                continue;
            }
            if (depth > 0) {
                depth--;
                head = stack[depth];
                section = stackSection[depth];
                continue;
            }
            if (removed[current] || cursor[current] >= u.sectionEnd[current]) {
                current = nextSection();
                if (current < 0) {
                    return rest.isEmpty() ? null : encodeRest();
                }
            }
            section = current;
            head = cursor[current]++;
        }
    }

    /** The highest section with structs left, or -1. */
    private int nextSection() {
        while (top > 0) {
            int s = top - 1;
            if (!removed[s] && cursor[s] < u.sectionEnd[s]) {
                return s;
            }
            top--;
        }
        return -1;
    }

    /** Handles one struct; answers the section whose next struct must come first, or -1 to go on. */
    private int step(int i, int section) {
        if (u.isSkip(i)) {
            return -1;
        }
        if (store.isOutOfPasses()) {
            push(i, section);
            setAside();
            return -1;
        }
        long client = u.sectionClient[section];
        int offset = store.clients.state(client) - u.clock[i];
        if (offset < 0) {
            push(i, section);
            miss(client, u.clock[i] - 1);
            setAside();
            return -1;
        }
        long lacking = u.isGc(i) ? StructCursor.ABSENT : lacking(i, client);
        if (lacking == StructCursor.ABSENT) {
            if (offset < u.len[i]) {
                place(i, section, offset);
            } else if (!u.isGc(i)) {
                visitKnown(i);
            }
            return -1;
        }
        push(i, section);
        int other = sectionOf(lacking);
        if (other < 0 || removed[other] || cursor[other] >= u.sectionEnd[other]) {
            miss(lacking, store.clients.state(lacking));
            setAside();
            return -1;
        }
        return other;
    }

    private void push(int i, int section) {
        if (depth == stack.length) {
            stack = Arrays.copyOf(stack, depth * 2);
            stackSection = Arrays.copyOf(stackSection, depth * 2);
        }
        stack[depth] = i;
        stackSection[depth++] = section;
    }

    private void miss(long client, int clock) {
        missing.merge(client, clock, Math::min);
    }

    private int sectionOf(long client) {
        if (sectionIndex == null) {
            sectionIndex = new HashMap<>();
            for (int s = 0; s < u.sections; s++) {
                sectionIndex.put(u.sectionClient[s], s);
            }
        }
        return sectionIndex.getOrDefault(client, -1);
    }

    /** A dead end: everything on the stack waits, and with it all that follows from the same clients. */
    private void setAside() {
        for (int k = 0; k < depth; k++) {
            int section = stackSection[k];
            if (removed[section]) {
                rest.put(section, new int[] {stack[k], stack[k] + 1});
            } else {
                rest.put(section, new int[] {cursor[section] - 1, u.sectionEnd[section]});
                removed[section] = true;
            }
        }
        depth = 0;
    }

    /** The first client of which something is needed that is not here, or absent. */
    private long lacking(int i, long client) {
        long origin = u.namesRoot(i) ? StructCursor.ABSENT : u.originClient[i];
        if (origin != StructCursor.ABSENT && origin != client && u.originClock[i] >= store.clients.state(origin)) {
            return origin;
        }
        long right = u.rightClient[i];
        if (right != StructCursor.ABSENT && right != client && u.rightClock[i] >= store.clients.state(right)) {
            return right;
        }
        return StructCursor.ABSENT;
    }

    private long id(long client, int clock) {
        return Items.pack(store.clients.find(client), clock);
    }

    /** What is known already changes nothing, but yjs splits at its origins, and tries to merge there afterwards. */
    private void visitKnown(int i) {
        if (u.hasOrigin(i)) {
            store.cleanEnd(tx, id(u.originClient[i], u.originClock[i]));
        }
        if (u.hasRightOrigin(i)) {
            store.cleanStart(tx, id(u.rightClient[i], u.rightClock[i]));
        }
    }

    private void place(int i, int section, int offset) {
        int index = store.clients.findOrAdd(u.sectionClient[section]);
        Client client = store.clients.at(index);
        if (client.state == 0) {
            client.expect(u.sectionEnd[section] - i);
        }
        long id = Items.pack(index, u.clock[i]);
        int length = u.len[i];
        if (u.isGc(i)) {
            store.addGc(id + offset, length - offset);
            return;
        }
        int left = u.hasOrigin(i) ? store.cleanEnd(tx, id(u.originClient[i], u.originClock[i])) : Items.NONE;
        long origin = u.hasOrigin(i) ? items.lastId(left) : Items.NO_ID;
        int right = u.hasRightOrigin(i) ? rightOf(left, id(u.rightClient[i], u.rightClock[i])) : Items.NONE;
        int place = placeOf(i, left, right);
        if (offset > 0 && place != Items.NONE) {
            left = store.cleanEnd(tx, id + offset - 1);
            origin = items.lastId(left);
            place = items.place[left];
        }
        if (place == Items.NONE) {
            store.addGc(id + offset, length - offset);
            return;
        }
        int item = items.allocate();
        items.id[item] = id + offset;
        items.len[item] = length - offset;
        items.origin[item] = origin;
        items.rightOrigin[item] = right == Items.NONE ? Items.NO_ID : items.id[right];
        items.left[item] = left;
        items.right[item] = right;
        items.place[item] = place;
        items.info[item] = (byte) (u.info[i] & StructCursor.REF);
        adoptContent(item, i, offset);
        store.integrate(tx, item);
    }

    /** The item that begins with an id: most often what stands right of the left origin, where no search is needed. */
    private int rightOf(int left, long id) {
        int next = left == Items.NONE ? Items.NONE : items.right[left];
        return next != Items.NONE && items.id[next] == id ? next : store.cleanStart(tx, id);
    }

    /** The place to go into; none when it is gone, and then only the length is kept. */
    private int placeOf(int i, int left, int right) {
        boolean besideGc = (left != Items.NONE && items.kind(left) == Items.GC)
                || (right != Items.NONE && items.kind(right) == Items.GC);
        if (besideGc) {
            return Items.NONE;
        }
        if (u.namesRoot(i)) {
            return store.placeIn(store.root(name(u.originClock[i], u.rightClock[i])), keyOf(i));
        }
        if (u.namesParent(i)) {
            int holder = store.find(id(u.originClient[i], u.originClock[i]));
            return items.kind(holder) == Items.TYPE ? store.placeIn(store.content(holder), keyOf(i)) : Items.NONE;
        }
        return items.place[left != Items.NONE ? left : right];
    }

    private int keyOf(int i) {
        return u.key[i] == StructCursor.ABSENT
                ? Items.NONE
                : store.keys.intern(name(Items.client(u.key[i]), Items.clock(u.key[i])));
    }

    /** A name in the received bytes; the same root is usually named again and again. */
    private String name(int at, int length) {
        if (lastNameAt < 0
                || lastNameLength != length
                || !Arrays.equals(u.buf, at, at + length, u.buf, lastNameAt, lastNameAt + length)) {
            lastName = new String(u.buf, at, length, StandardCharsets.UTF_8);
        }
        lastNameAt = at;
        lastNameLength = length;
        return lastName;
    }

    private void adoptContent(int item, int i, int offset) {
        int at = u.contentAt[i];
        int size = u.end[i] - at;
        switch (items.kind(item)) {
            case Items.DELETED_CONTENT -> setContent(item, 0, 0);
            case Items.FORMAT -> setContent(item, store.formats.add(FormatContent.decode(u.buf, at, size)), 0);
            case Items.TYPE -> setContent(item, newType(at, size).index, 0);
            case Items.STRING -> adoptText(item, at, size, offset);
            case Items.DOC -> adoptSubDocument(item, new ByteReader(u.buf, at, at + size));
            default -> {
                int skipped = offset == 0 ? 0 : skipValues(item, at, size, offset);
                setContent(item, store.arena.add(u.buf, at + skipped, size - skipped), size - skipped);
            }
        }
    }

    private void setContent(int item, int at, int size) {
        items.at[item] = at;
        items.setSize(item, size);
    }

    private Branch newType(int at, int size) {
        ByteReader in = new ByteReader(u.buf, at, at + size);
        int kind = in.varInt31();
        boolean named = kind == Branch.XML_ELEMENT || kind == Branch.XML_HOOK;
        return store.newBranch(kind, null, named ? in.string() : null);
    }

    private void adoptText(int item, int at, int size, int offset) {
        if (u.isLoose && Utf8.hasLoneSurrogate(u.buf, at, size)) {
            String text = Utf8.decodeLoose(u.buf, at, size);
            boolean parts = offset > 0 && Character.isHighSurrogate(text.charAt(offset - 1));
            store.setText(item, parts ? '\uFFFD' + text.substring(offset + 1) : text.substring(offset));
            return;
        }
        if (offset == 0) {
            setContent(item, store.arena.add(u.buf, at, size), size);
            return;
        }
        ByteWriter tail = new ByteWriter(size + 8);
        StructWriter.writeTextTail(tail, u.buf, at, size, offset, false);
        ByteReader in = new ByteReader(tail.buffer(), 0, tail.size());
        int length = in.skipBytes();
        setContent(item, store.arena.add(in.buf, in.pos - length, length), length);
    }

    /** What yjs does not know of its options is dropped, as there. */
    private void adoptSubDocument(int item, ByteReader in) {
        SubDocument sub = SubDocument.read(in);
        ByteWriter out = new ByteWriter();
        sub.write(out);
        setContent(item, store.arena.add(out.buffer(), 0, out.size()), out.size());
        subDocuments.add(tx, items.id[item], sub);
    }

    private int skipValues(int item, int at, int size, int count) {
        ByteReader in = new ByteReader(u.buf, at, at + size);
        for (int k = 0; k < count; k++) {
            if (items.kind(item) == Items.ANY) {
                AnyCodec.skip(in);
            } else {
                in.skipBytes();
            }
        }
        return in.pos - at;
    }

    private byte[] encodeRest() {
        Integer[] order = rest.keySet().toArray(new Integer[0]);
        Arrays.sort(order, (a, b) -> Integer.compare(b, a));
        ByteWriter out = new ByteWriter(256);
        out.varUint(order.length);
        for (int section : order) {
            int[] run = rest.getOrDefault(section, new int[2]);
            out.varUint(run[1] - run[0]);
            out.varUint(u.sectionClient[section]);
            out.varUint(u.clock[run[0]]);
            for (int i = run[0]; i < run[1]; i++) {
                u.write(out, i);
            }
        }
        out.varUint(0);
        return out.toByteArray();
    }

    /** Deletes what is known of the ranges; answers the rest as an update, or null when there is none. */
    static byte @Nullable [] applyDeletes(Store store, Transaction tx, DeleteRanges deletes) {
        DeleteRanges unknown = new DeleteRanges();
        for (int g = 0; g < deletes.groups(); g++) {
            Client client = store.clients.get(deletes.client(g));
            int state = client == null ? 0 : client.state;
            int before = unknown.size();
            for (int r = deletes.groupStart(g); r < deletes.groupEnd(g); r++) {
                int from = deletes.clock(r);
                int to = from + deletes.len(r);
                if (client != null && from < to && from < state) {
                    deleteRange(store, tx, client, from, Math.min(to, state));
                }
                int open = Math.max(from, state);
                if (open < to) {
                    unknown.addRange(open, to);
                }
            }
            if (unknown.size() > before) {
                unknown.closeGroup(deletes.client(g));
            }
        }
        return unknown.isEmpty() ? null : encodeDeletes(unknown);
    }

    static byte[] encodeDeletes(DeleteRanges ranges) {
        DeleteSet.Builder set = new DeleteSet.Builder();
        ranges.addTo(set);
        ByteWriter out = new ByteWriter();
        out.varUint(0);
        set.build(false).write(out);
        return out.toByteArray();
    }

    private static void deleteRange(Store store, Transaction tx, Client client, int from, int to) {
        Items items = store.items;
        int p = client.find(items, from);
        int first = client.get(p);
        int diff = from - Items.clock(items.id[first]);
        if (diff > 0 && !items.isDeleted(first)) {
            store.split(tx, client, p, diff);
            p++;
        }
        while (p < client.size()) {
            int item = client.get(p);
            if (Items.clock(items.id[item]) >= to) {
                return;
            }
            if (!items.isDeleted(item)) {
                if (to < items.endClock(item)) {
                    store.split(tx, client, p, to - Items.clock(items.id[item]));
                }
                store.delete(tx, item);
            }
            p++;
        }
    }
}
