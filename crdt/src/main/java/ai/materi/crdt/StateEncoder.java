package ai.materi.crdt;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Writes a store, or what is new in it, as an update: clients highest first, then the deletions. */
final class StateEncoder {
    private final Store store;
    private final Items items;
    private final ByteWriter out;
    /** Whether half surrogate pairs are written in their generalized form: for {@link FormatV2}, which may join them. */
    private final boolean loose;

    private final Map<String, byte[]> names = new HashMap<>(2);

    StateEncoder(Store store, int capacity, boolean loose) {
        this.loose = loose;
        this.store = store;
        this.items = store.items;
        this.out = new ByteWriter(capacity);
    }

    /** Everything that somebody with this state vector lacks, with all deletions. */
    static byte[] since(Store store, StateVector known, boolean loose) {
        int[] order = store.clients.descending();
        int[] from = new int[order.length];
        int n = 0;
        for (int index : order) {
            Client client = store.clients.at(index);
            long clock = known.get(client.id);
            if (client.state > clock) {
                order[n] = index;
                from[n++] = (int) clock;
            }
        }
        StateEncoder encoder = new StateEncoder(
                store, (int) Math.min(1 << 28, 64 + 16L * store.items.live() + store.arena.top()), loose);
        encoder.structs(order, from, n);
        encoder.allDeletes();
        return encoder.out.toByteArray();
    }

    /** All that was there at a moment, with what was deleted then. */
    static byte[] until(Store store, Transaction tx, Snapshot snapshot) {
        int[] order = store.clients.descending();
        int n = 0;
        for (int index : order) {
            if (snapshot.vector().get(store.clients.at(index).id) > 0) {
                order[n++] = index;
            }
        }
        StateEncoder encoder = new StateEncoder(store, 256, false);
        encoder.out.varUint(n);
        for (int k = 0; k < n; k++) {
            Client client = store.clients.at(order[k]);
            encoder.structsUntil(tx, client, order[k], (int) snapshot.vector().get(client.id));
        }
        snapshot.deleted().write(encoder.out);
        return encoder.out.toByteArray();
    }

    private void structsUntil(Transaction tx, Client client, int index, int clock) {
        if (clock < client.state) {
            store.cleanStart(tx, Items.pack(index, clock));
        }
        int last = client.find(items, clock - 1);
        out.varUint(last + 1L);
        out.varUint(client.id);
        out.varUint(0);
        for (int p = 0; p <= last; p++) {
            struct(client.get(p), 0);
        }
    }

    /** What a transaction changed. */
    static byte[] of(Store store, Transaction tx, boolean loose) {
        int[] touched = tx.touchedClients();
        StateEncoder encoder = new StateEncoder(store, 64, loose);
        int[] order = highestFirst(store, touched);
        int[] from = new int[order.length];
        for (int k = 0; k < order.length; k++) {
            from[k] = tx.stateBefore(order[k]);
        }
        encoder.structs(order, from, order.length);
        encoder.deletes(tx.deletes);
        return encoder.out.toByteArray();
    }

    private static int[] highestFirst(Store store, int[] clients) {
        if (clients.length < 2) {
            return clients;
        }
        Integer[] order = new Integer[clients.length];
        for (int k = 0; k < order.length; k++) {
            order[k] = clients[k];
        }
        Arrays.sort(order, (a, b) -> Long.compare(store.clients.at(b).id, store.clients.at(a).id));
        int[] sorted = new int[order.length];
        for (int k = 0; k < sorted.length; k++) {
            sorted[k] = order[k];
        }
        return sorted;
    }

    private void structs(int[] order, int[] from, int n) {
        out.varUint(n);
        for (int k = 0; k < n; k++) {
            Client client = store.clients.at(order[k]);
            int p = client.find(items, from[k]);
            out.varUint(client.size() - p);
            out.varUint(client.id);
            out.varUint(from[k]);
            struct(client.get(p), from[k] - Items.clock(items.id[client.get(p)]));
            for (p++; p < client.size(); p++) {
                struct(client.get(p), 0);
            }
        }
    }

    int size() {
        return out.size();
    }

    /** What was written since the last time. */
    byte[] take() {
        byte[] written = out.toByteArray();
        out.clear();
        return written;
    }

    void range(int from, int to) {
        out.varUint(from);
        out.varUint(to - from);
    }

    void struct(int item, int offset) {
        int kind = items.kind(item);
        if (kind == Items.GC) {
            out.u8(Items.GC);
            out.varUint(items.len[item] - offset);
            return;
        }
        long origin = offset > 0 ? items.id[item] + offset - 1 : items.origin[item];
        long right = items.rightOrigin[item];
        int key = items.key(item);
        out.u8(kind
                | (origin == Items.NO_ID ? 0 : StructCursor.HAS_ORIGIN)
                | (right == Items.NO_ID ? 0 : StructCursor.HAS_RIGHT_ORIGIN)
                | (key == Items.NONE ? 0 : StructCursor.HAS_KEY));
        if (origin != Items.NO_ID) {
            id(origin);
        }
        if (right != Items.NO_ID) {
            id(right);
        }
        if (origin == Items.NO_ID && right == Items.NO_ID) {
            parent(store.parent(item));
            if (key != Items.NONE) {
                name(store.keys.name(key));
            }
        }
        content(item, kind, offset);
    }

    private void id(long id) {
        out.varUint(store.clients.at(Items.client(id)).id);
        out.varUint(Items.clock(id));
    }

    private void parent(Branch parent) {
        String root = parent.rootName;
        if (root != null) {
            out.u8(1);
            name(root);
        } else {
            out.u8(0);
            id(items.id[parent.item]);
        }
    }

    private void name(String name) {
        byte[] bytes = names.get(name);
        if (bytes == null) {
            ByteWriter encoded = new ByteWriter(name.length() + 8);
            encoded.varString(name);
            bytes = encoded.toByteArray();
            names.put(name, bytes);
        }
        out.bytes(bytes);
    }

    private void content(int item, int kind, int offset) {
        int at = items.at[item];
        int size = items.size(item);
        switch (kind) {
            case Items.DELETED_CONTENT -> out.varUint(items.len[item] - offset);
            case Items.STRING -> text(item, offset);
            case Items.ANY, Items.JSON -> {
                int skipped = offset == 0 ? 0 : store.valueOffset(item, offset);
                out.varUint(items.len[item] - offset);
                out.bytes(store.arena.buf, at + skipped, size - skipped);
            }
            case Items.FORMAT -> out.bytes(store.formats.get(at).encoded());
            case Items.TYPE -> type(store.content(item));
            default -> out.bytes(store.arena.buf, at, size);
        }
    }

    private void text(int item, int offset) {
        int at = items.at[item];
        int size = items.size(item);
        if (items.has(item, Items.LONE)) {
            halves(store.text(item).substring(offset));
        } else if (offset == 0) {
            out.varBytes(store.arena.buf, at, size);
        } else if (size == items.len[item]) {
            out.varBytes(store.arena.buf, at + offset, size - offset);
        } else {
            StructWriter.writeTextTail(out, store.arena.buf, at, size, offset, loose);
        }
    }

    private void halves(String text) {
        if (!loose) {
            out.varString(text);
            return;
        }
        byte[] bytes = new byte[Utf8.encodedLength(text)];
        Utf8.encode(text, bytes, 0, true);
        out.varBytes(bytes, 0, bytes.length);
    }

    private void type(Branch branch) {
        out.varUint(branch.kind);
        if (branch.nodeName != null) {
            name(branch.nodeName);
        }
    }

    private void deletes(DeleteLog log) {
        DeleteSet.Builder set = new DeleteSet.Builder();
        for (int d = 0; d < log.size; d++) {
            long client = store.clients.at(Items.client(log.from[d])).id;
            set.add(client, Items.clock(log.from[d]), log.len[d]);
        }
        set.build(false).write(out);
    }

    private void allDeletes() {
        int[] order = store.clients.descending();
        int n = 0;
        for (int index : order) {
            if (countDeleted(store.clients.at(index)) > 0) {
                order[n++] = index;
            }
        }
        out.varUint(n);
        for (int k = 0; k < n; k++) {
            Client client = store.clients.at(order[k]);
            out.varUint(client.id);
            out.varUint(countDeleted(client));
            writeDeleted(client);
        }
    }

    private int countDeleted(Client client) {
        int runs = 0;
        boolean inside = false;
        for (int p = 0; p < client.size(); p++) {
            boolean deleted = items.isDeleted(client.get(p));
            runs += deleted && !inside ? 1 : 0;
            inside = deleted;
        }
        return runs;
    }

    private void writeDeleted(Client client) {
        for (int p = 0; p < client.size(); p++) {
            int item = client.get(p);
            if (!items.isDeleted(item)) {
                continue;
            }
            int from = Items.clock(items.id[item]);
            int to = items.endClock(item);
            while (p + 1 < client.size() && items.isDeleted(client.get(p + 1))) {
                to = items.endClock(client.get(++p));
            }
            range(from, to);
        }
    }

    static DeleteSet deleteSet(Store store) {
        Items items = store.items;
        DeleteSet.Builder out = new DeleteSet.Builder();
        for (int c = 0; c < store.clients.size(); c++) {
            Client client = store.clients.at(c);
            for (int p = 0; p < client.size(); p++) {
                int item = client.get(p);
                if (items.isDeleted(item)) {
                    out.add(client.id, Items.clock(items.id[item]), items.len[item]);
                }
            }
        }
        return out.build(true);
    }
}
