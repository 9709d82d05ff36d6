package ai.materi.crdt;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a text as a list of insertions. */
final class DeltaReader {
    private final Doc doc;
    private final Store store;
    private final Branch text;
    private final Map<String, @Nullable Object> current = new LinkedHashMap<>();
    private final StringBuilder run = new StringBuilder();
    private final List<Delta.Insert> out = new ArrayList<>();

    DeltaReader(Doc doc, Branch text) {
        this.doc = doc;
        this.store = doc.store();
        this.text = text;
    }

    List<Delta.Insert> read() {
        Items items = store.items;
        for (int i = text.start; i != Items.NONE; i = items.right[i]) {
            if (!items.isDeleted(i)) {
                visit(i, items.kind(i));
            }
        }
        flush();
        return out;
    }

    private void visit(int item, int kind) {
        if (kind == Items.STRING) {
            run.append(store.text(item));
        } else if (kind == Items.TYPE || kind == Items.EMBED) {
            flush();
            Object value = doc.values().nth(item, 0);
            out.add(new Delta.Insert(value == null ? Undefined.INSTANCE : value, JsValue.ordered(current)));
        } else if (kind == Items.FORMAT) {
            flush();
            FormatContent format = store.formats.get(store.items.at[item]);
            if (format.value() == null) {
                current.remove(format.key());
            } else {
                current.put(format.key(), format.value());
            }
        }
    }

    private void flush() {
        if (run.length() > 0) {
            out.add(new Delta.Insert(run.toString(), JsValue.ordered(current)));
            run.setLength(0);
        }
    }
}
