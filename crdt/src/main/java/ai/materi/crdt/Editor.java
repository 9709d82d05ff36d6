package ai.materi.crdt;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Local edits of sequences and entries: each makes items as yjs would, where yjs would. */
final class Editor {
    private final Doc doc;
    private final Store store;
    private final Items items;
    private final ByteWriter scratch = new ByteWriter();

    Editor(Doc doc, Store store) {
        this.doc = doc;
        this.store = store;
        this.items = store.items;
    }

    // ---- items

    /** Makes a row for new content of this client; its content and place in the document are up to the caller. */
    int prepare(Branch parent, int left, int right, int key, int kind, int length) {
        int client = store.clients.findOrAdd(doc.clientId());
        int state = store.clients.at(client).state;
        if ((long) state + length > Integer.MAX_VALUE) {
            throw new IllegalStateException("this client has written 2^31 units");
        }
        int item = items.allocate();
        items.id[item] = Items.pack(client, state);
        items.len[item] = length;
        items.left[item] = left;
        items.origin[item] = left == Items.NONE ? Items.NO_ID : items.lastId(left);
        items.right[item] = right;
        items.rightOrigin[item] = right == Items.NONE ? Items.NO_ID : items.id[right];
        items.place[item] = store.placeIn(parent, key);
        items.info[item] = (byte) kind;
        items.at[item] = 0;
        return item;
    }

    private void adopt(int item, ByteWriter content) {
        items.at[item] = store.arena.add(content.buffer(), 0, content.size());
        items.setSize(item, content.size());
    }

    /** Inserts one value that is no text, and what an unattached type brings along. */
    int insertValue(Transaction tx, Branch parent, int left, int right, int key, @Nullable Object value) {
        if (value instanceof YType type) {
            return insertType(tx, parent, left, right, key, type);
        }
        scratch.clear();
        int kind = Items.ANY;
        if (value instanceof byte[] bytes) {
            kind = Items.BINARY;
            scratch.varBytes(bytes, 0, bytes.length);
        } else if (value instanceof SubDocument sub) {
            kind = Items.DOC;
            scratch.varString(sub.guid());
            AnyCodec.write(scratch, sub.options());
        } else {
            AnyCodec.write(scratch, value);
        }
        int item = prepare(parent, left, right, key, kind, 1);
        adopt(item, scratch);
        store.integrate(tx, item);
        return item;
    }

    int insertType(Transaction tx, Branch parent, int left, int right, int key, YType type) {
        type.requireUnattached();
        int item = prepare(parent, left, right, key, Items.TYPE, 1);
        Branch branch = store.newBranch(type.kind(), null, type.nodeNameOrNull());
        items.at[item] = branch.index;
        store.integrate(tx, item);
        type.attach(doc, branch);
        return item;
    }

    private int insertAnys(Transaction tx, Branch parent, int left, int right, List<?> values) {
        scratch.clear();
        for (Object value : values) {
            AnyCodec.write(scratch, value);
        }
        int item = prepare(parent, left, right, Items.NONE, Items.ANY, values.size());
        adopt(item, scratch);
        store.integrate(tx, item);
        return item;
    }

    int insertEmbed(Transaction tx, Branch parent, int left, int right, Object embed) {
        scratch.clear();
        scratch.varString(Json.stringify(embed));
        int item = prepare(parent, left, right, Items.NONE, Items.EMBED, 1);
        adopt(item, scratch);
        store.integrate(tx, item);
        return item;
    }

    int insertText(Transaction tx, Branch parent, int left, int right, String text) {
        int item = prepare(parent, left, right, Items.NONE, Items.STRING, text.length());
        store.setText(item, text);
        store.integrate(tx, item);
        return item;
    }

    int insertFormat(Transaction tx, Branch parent, int left, int right, String key, @Nullable Object value) {
        int format = store.formats.add(FormatContent.of(key, value));
        int item = prepare(parent, left, right, Items.NONE, Items.FORMAT, 1);
        items.at[item] = format;
        store.integrate(tx, item);
        return item;
    }

    // ---- sequences

    void insert(Transaction tx, Branch parent, int index, List<?> content) {
        if (index == 0) {
            insertAfter(tx, parent, Items.NONE, content);
            return;
        }
        insertAfter(tx, parent, store.positions.itemEnding(tx, parent, index), content);
    }

    void shift(Branch parent, int index, int length) {
        if (parent.markers != null) {
            parent.markers.shift(items, index, length);
        }
    }

    void push(Transaction tx, Branch parent, List<?> content) {
        int last = parent.start == Items.NONE ? Items.NONE : store.positions.last(parent);
        insertAfter(tx, parent, last, content);
    }

    private void insertAfter(Transaction tx, Branch parent, int reference, List<?> content) {
        int left = reference;
        int right = reference == Items.NONE ? parent.start : items.right[reference];
        List<@Nullable Object> run = new ArrayList<>();
        for (Object value : content) {
            if (Values.isAny(value)) {
                run.add(value);
                continue;
            }
            if (!run.isEmpty()) {
                left = insertAnys(tx, parent, left, right, run);
                run.clear();
            }
            left = insertValue(tx, parent, left, right, Items.NONE, value);
        }
        if (!run.isEmpty()) {
            insertAnys(tx, parent, left, right, run);
        }
    }

    void delete(Transaction tx, Branch parent, int index, int length) {
        if (length == 0) {
            return;
        }
        int before = index == 0 ? Items.NONE : store.positions.itemEnding(tx, parent, index);
        int n = before == Items.NONE ? parent.start : items.right[before];
        int left = length;
        for (; left > 0 && n != Items.NONE; n = items.right[n]) {
            if (!items.isDeleted(n)) {
                if (left < items.len[n]) {
                    store.cleanStart(tx, items.id[n] + left);
                }
                store.delete(tx, n);
                left -= items.len[n];
            }
        }
    }

    // ---- entries

    void set(Transaction tx, Branch parent, String name, @Nullable Object value) {
        int key = store.keys.intern(name);
        insertValue(tx, parent, parent.entry(key), Items.NONE, key, value);
    }

    void remove(Transaction tx, Branch parent, String name) {
        int item = parent.entry(store.keys.find(name));
        if (item != Items.NONE) {
            store.delete(tx, item);
        }
    }
}
