package ai.materi.crdt;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A place in a type that stays with its neighbour while others edit: what cursors are shared as. The forms are those of
 * {@code Y.encodeRelativePosition} and {@code Y.relativePositionToJSON}.
 *
 * @param type the nested type it is in; null in a root
 * @param rootName the root it is in; null in a nested type
 * @param item the unit it sticks to; null for the end of the type (the start, when {@code assoc} is negative)
 * @param assoc at least 0: sticks to the unit after it; negative: to the unit before it
 */
public record RelativePosition(
        @Nullable Id type,
        @Nullable String rootName,
        @Nullable Id item,
        int assoc) {
    /**
     * A place found again.
     *
     * @param index in units of the type
     */
    public record Found(YType type, int index, int assoc) {}

    /** The place before unit {@code index} of a type, 0 to its length. */
    public static RelativePosition create(YType type, int index, int assoc) {
        YType.checkRange(index, 0, type.length());
        if (assoc < 0 && index == 0) {
            return at(type, null, assoc);
        }
        int unit = assoc < 0 ? index - 1 : index;
        if (unit == type.length()) {
            return at(type, null, assoc);
        }
        Store store = type.store();
        int item = store.positions.itemAt(type.branch(), unit);
        return at(type, store.publicId(store.items.id[item] + store.positions.offset()), assoc);
    }

    private static RelativePosition at(YType type, @Nullable Id item, int assoc) {
        return new RelativePosition(type.id(), type.rootName(), item, assoc);
    }

    /**
     * Where it is now; null when what it sticks to is not known yet or was collected. What was deleted and brought back by
     * an {@link UndoManager} of this document is followed to where it is again.
     */
    public @Nullable Found resolve(Doc doc) {
        if (item != null) {
            return besideItem(doc, item);
        }
        YType in = rootName != null ? root(doc, rootName) : type != null ? typeOf(doc, type) : null;
        return in == null ? null : new Found(in, assoc >= 0 ? in.length() : 0, assoc);
    }

    private static @Nullable YType root(Doc doc, String name) {
        return doc.handle(doc.store().root(name));
    }

    private static @Nullable YType typeOf(Doc doc, Id id) {
        Store store = doc.store();
        if (store.findPublic(id) == Items.NONE) {
            return null;
        }
        int item = store.find(store.followRedone(store.unit(id)));
        return store.items.kind(item) == Items.TYPE ? doc.handle(store.content(item)) : null;
    }

    private @Nullable Found besideItem(Doc doc, Id id) {
        Store store = doc.store();
        Items items = store.items;
        if (store.findPublic(id) == Items.NONE) {
            return null;
        }
        long unit = store.followRedone(store.unit(id));
        int at = store.find(unit);
        if (items.kind(at) == Items.GC) {
            return null;
        }
        Branch branch = store.parent(at);
        int index = 0;
        if (!store.isGone(branch)) {
            int within = (int) (unit - items.id[at]) + (assoc >= 0 ? 0 : 1);
            index = items.isVisible(at) ? within : 0;
            index += items.key(at) == Items.NONE ? store.positions.unitsBefore(branch, at) : 0;
        }
        return new Found(doc.handle(branch), index, assoc);
    }

    /** The binary form. */
    public byte[] encode() {
        ByteWriter out = new ByteWriter(16);
        if (item != null) {
            write(out, 0, item);
        } else if (rootName != null) {
            out.u8(1);
            out.varString(rootName);
        } else if (type != null) {
            write(out, 2, type);
        } else {
            throw new IllegalStateException("a position in nothing");
        }
        out.varInt(Math.abs((long) assoc), assoc < 0);
        return out.toByteArray();
    }

    private static void write(ByteWriter out, int tag, Id id) {
        out.u8(tag);
        out.varUint(id.client());
        out.varUint(id.clock());
    }

    /** Reads the binary form; throws {@link MalformedUpdateException}. */
    public static RelativePosition decode(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        int tag = in.u8();
        Id item = tag == 0 ? new Id(in.varUint(), in.varUint()) : null;
        String root = tag == 1 ? in.string() : null;
        Id type = tag == 2 ? new Id(in.varUint(), in.varUint()) : null;
        if (tag > 2) {
            throw new MalformedUpdateException("unknown position tag " + tag);
        }
        int assoc = in.hasContent() ? (int) in.varIntNumber() : 0;
        return new RelativePosition(type, root, item, assoc);
    }

    /** The JSON form: {@code type}, {@code tname}, {@code item}, {@code assoc}, in this order, as far as they are set. */
    public Map<String, Object> toJson() {
        Map<String, Object> out = new LinkedHashMap<>();
        if (type != null) {
            out.put("type", json(type));
        }
        if (rootName != null && !rootName.isEmpty()) {
            out.put("tname", rootName);
        }
        if (item != null) {
            out.put("item", json(item));
        }
        out.put("assoc", assoc);
        return out;
    }

    private static Map<String, Object> json(Id id) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("client", id.client());
        out.put("clock", id.clock());
        return out;
    }

    /** Reads the JSON form; throws {@link MalformedUpdateException}. */
    public static RelativePosition fromJson(Map<String, ?> json) {
        Object tname = json.get("tname");
        Object assoc = json.get("assoc");
        if ((tname != null && !(tname instanceof String)) || (assoc != null && !(assoc instanceof Number))) {
            throw new MalformedUpdateException("not a relative position");
        }
        return new RelativePosition(
                id(json.get("type")),
                (String) tname,
                id(json.get("item")),
                assoc == null ? 0 : ((Number) assoc).intValue());
    }

    private static @Nullable Id id(@Nullable Object json) {
        if (json == null) {
            return null;
        }
        if (json instanceof Map<?, ?> map
                && map.get("client") instanceof Number client
                && map.get("clock") instanceof Number clock) {
            return new Id(client.longValue(), clock.longValue());
        }
        throw new MalformedUpdateException("not an id");
    }
}
