package ai.materi.crdt;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction did to a text, read in one walk over its items. Which formatting is announced as a change, and which
 * redundant formatting is deleted on the way, follows yjs rule by rule: the deletions reach other peers.
 */
final class TextDelta {
    private enum Step {
        NONE,
        RETAIN,
        INSERT,
        DELETE
    }

    private final Doc doc;
    private final Store store;
    private final Items items;
    private final YEvent event;
    private final List<Delta> out = new ArrayList<>();
    /** The formatting in force after the transaction, and what was said of each key before it. */
    private final Map<String, @Nullable Object> current = new LinkedHashMap<>();

    private final Map<String, @Nullable Object> old = new HashMap<>();
    /** How the formatting in force differs from before. */
    private final Map<String, @Nullable Object> changed = new LinkedHashMap<>();

    private final StringBuilder inserted = new StringBuilder();
    private Step step = Step.NONE;
    private int length;

    TextDelta(Doc doc, YEvent event) {
        this.doc = doc;
        this.store = doc.store();
        this.items = store.items;
        this.event = event;
    }

    List<Delta> read() {
        doc.transact(null, this::walk);
        return out;
    }

    private void walk(Transaction cleaning) {
        for (int i = event.branch().start; i != Items.NONE; i = items.right[i]) {
            switch (items.kind(i)) {
                case Items.TYPE, Items.EMBED, Items.STRING -> content(i);
                case Items.FORMAT -> format(cleaning, i, store.formats.get(items.at[i]));
                default -> {}
            }
        }
        flush();
        while (!out.isEmpty() && isPlainRetain(out.get(out.size() - 1))) {
            out.remove(out.size() - 1);
        }
    }

    private static boolean isPlainRetain(Delta last) {
        return last instanceof Delta.Retain retain && retain.attributes().isEmpty();
    }

    private void content(int item) {
        if (event.adds(item)) {
            if (!event.deletes(item)) {
                insert(item);
            }
        } else if (event.deletes(item)) {
            go(Step.DELETE);
            length += items.len[item];
        } else if (!items.isDeleted(item)) {
            go(Step.RETAIN);
            length += items.len[item];
        }
    }

    private void insert(int item) {
        if (items.kind(item) == Items.STRING) {
            go(Step.INSERT);
            inserted.append(store.text(item));
            return;
        }
        flush();
        Object embed = doc.values().nth(item, 0);
        // A scalar has no length in JavaScript: yjs takes it for an empty insertion and leaves it out.
        if (!(embed instanceof Number || embed instanceof Boolean || "".equals(embed))) {
            out.add(new Delta.Insert(embed == null ? Undefined.INSTANCE : embed, JsValue.ordered(current)));
        }
    }

    private void format(Transaction cleaning, int item, FormatContent format) {
        String key = format.key();
        Object value = format.value();
        if (event.adds(item)) {
            if (!event.deletes(item)) {
                begun(cleaning, item, key, value);
            }
        } else if (event.deletes(item)) {
            old.put(key, value);
            Object now = current.get(key);
            if (!JsValue.equalAttributes(now, value)) {
                endRetain();
                changed.put(key, now);
            }
        } else if (!items.isDeleted(item)) {
            old.put(key, value);
            if (changed.containsKey(key)) {
                overruled(cleaning, item, key, value);
            }
        }
        if (!items.isDeleted(item)) {
            if (step == Step.INSERT) {
                flush();
            }
            TextEditor.update(current, format);
        }
    }

    private void begun(Transaction cleaning, int item, String key, @Nullable Object value) {
        if (!JsValue.equalAttributes(current.get(key), value)) {
            endRetain();
            change(key, value, JsValue.equalAttributes(value, old.get(key)));
        } else if (value != null) {
            store.delete(cleaning, item);
        }
    }

    /** A format that was there before, where the formatting in force is another than before. */
    private void overruled(Transaction cleaning, int item, String key, @Nullable Object value) {
        Object now = changed.get(key);
        if (!JsValue.equalAttributes(now, value)) {
            endRetain();
            change(key, value, value == null);
        } else if (now != null) {
            store.delete(cleaning, item);
        }
    }

    private void change(String key, @Nullable Object value, boolean asBefore) {
        if (asBefore) {
            changed.remove(key);
        } else {
            changed.put(key, value);
        }
    }

    private void endRetain() {
        if (step == Step.RETAIN) {
            flush();
        }
    }

    private void go(Step next) {
        if (step != next) {
            flush();
            step = next;
        }
    }

    private void flush() {
        switch (step) {
            case RETAIN -> out.add(new Delta.Retain(length, JsValue.ordered(changed)));
            case DELETE -> out.add(new Delta.Delete(length));
            case INSERT -> out.add(new Delta.Insert(inserted.toString(), JsValue.ordered(current)));
            case NONE -> {}
        }
        step = Step.NONE;
        length = 0;
        inserted.setLength(0);
    }
}
