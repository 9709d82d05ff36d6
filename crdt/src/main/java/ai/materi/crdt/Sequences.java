package ai.materi.crdt;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the visible values of sequences and entries. */
final class Sequences {
    private Sequences() {}

    static List<@Nullable Object> list(YType type) {
        Items items = type.store().items;
        List<@Nullable Object> out = new ArrayList<>();
        for (int i = type.branch().start; i != Items.NONE; i = items.right[i]) {
            if (items.isVisible(i)) {
                type.doc().values().addAll(i, out);
            }
        }
        return out;
    }

    /** The value at an index within the length. */
    static @Nullable Object get(YType type, int index) {
        YType.checkRange(index, 1, type.branch().length);
        PositionIndex positions = type.store().positions;
        int item = positions.itemAt(type.branch(), index);
        return type.doc().values().nth(item, positions.offset());
    }

    /** The item of a live entry, or none. */
    static int entry(YType type, String key) {
        Store store = type.store();
        int item = type.branch().entry(store.keys.find(key));
        return item == Items.NONE || store.items.isDeleted(item) ? Items.NONE : item;
    }

    static @Nullable Object value(YType type, String key) {
        int item = entry(type, key);
        return item == Items.NONE ? null : type.doc().values().last(item);
    }

    static List<String> keys(YType type) {
        Store store = type.store();
        IntMap entries = type.branch().entries;
        List<String> out = new ArrayList<>();
        for (int e = 0; entries != null && e < entries.size(); e++) {
            if (!store.items.isDeleted(entries.valueAt(e))) {
                out.add(store.keys.name(entries.keyAt(e)));
            }
        }
        return out;
    }

    static Map<String, @Nullable Object> map(YType type) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        for (String key : keys(type)) {
            out.put(key, value(type, key));
        }
        return out;
    }
}
