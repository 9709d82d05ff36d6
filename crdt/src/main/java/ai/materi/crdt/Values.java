package ai.materi.crdt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Between the content of items and Java values. */
final class Values {
    private final Doc doc;
    private final Store store;
    private final Items items;

    Values(Doc doc, Store store) {
        this.doc = doc;
        this.store = store;
        this.items = store.items;
    }

    /** Adds the values of an item, one a unit, to a list. */
    void addAll(int item, List<@Nullable Object> out) {
        switch (items.kind(item)) {
            case Items.ANY -> {
                ByteReader in = store.arena.reader(items.at[item], items.size(item));
                for (int i = 0; i < items.len[item]; i++) {
                    out.add(AnyCodec.read(in));
                }
            }
            case Items.JSON -> {
                ByteReader in = store.arena.reader(items.at[item], items.size(item));
                for (int i = 0; i < items.len[item]; i++) {
                    out.add(json(in));
                }
            }
            case Items.STRING -> {
                String text = store.text(item);
                for (int i = 0; i < text.length(); i++) {
                    out.add(text.substring(i, i + 1));
                }
            }
            case Items.DELETED_CONTENT, Items.FORMAT, Items.GC -> {}
            default -> out.add(single(item));
        }
    }

    /** The value of unit {@code n} of an item. */
    @Nullable
    Object nth(int item, int n) {
        switch (items.kind(item)) {
            case Items.ANY -> {
                int offset = store.valueOffset(item, n);
                return AnyCodec.read(store.arena.reader(items.at[item] + offset, items.size(item) - offset));
            }
            case Items.JSON -> {
                int offset = store.valueOffset(item, n);
                return json(store.arena.reader(items.at[item] + offset, items.size(item) - offset));
            }
            case Items.STRING -> {
                return store.text(item).substring(n, n + 1);
            }
            default -> {
                return single(item);
            }
        }
    }

    /** The value of an entry: the last unit of its item; undefined when the item holds none. */
    @Nullable
    Object last(int item) {
        return nth(item, items.len[item] - 1);
    }

    static @Nullable Object json(ByteReader in) {
        String text = in.string();
        return text.equals(StructCursor.UNDEFINED) ? Undefined.INSTANCE : Json.parse(text);
    }

    private @Nullable Object single(int item) {
        ByteReader in = store.arena.reader(items.at[item], items.size(item));
        return switch (items.kind(item)) {
            case Items.BINARY -> in.bytes();
            case Items.EMBED -> Json.parse(in.string());
            case Items.TYPE -> doc.handle(store.content(item));
            case Items.DOC -> doc.subDocumentTable().at(item);
            default -> Undefined.INSTANCE;
        };
    }

    /** Throws {@link IllegalArgumentException} for what cannot be content, before anything is changed. */
    static void check(@Nullable Object value) {
        if (value instanceof YType type) {
            type.requireUnattached();
        } else if (value instanceof SubDocument sub) {
            sub.requireFree();
        } else if (!(value instanceof byte[])) {
            AnyCodec.write(new ByteWriter(), value);
        }
    }

    static boolean isAny(@Nullable Object value) {
        return !(value instanceof YType || value instanceof SubDocument || value instanceof byte[]);
    }

    static List<@Nullable Object> copy(List<?> values) {
        List<@Nullable Object> out = new ArrayList<>(values.size());
        for (Object value : values) {
            out.add(value instanceof byte[] bytes ? Arrays.copyOf(bytes, bytes.length) : value);
        }
        return out;
    }
}
