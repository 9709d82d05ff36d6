package ai.materi.collab.content;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The formatting of a stretch of text: mark keys and their attributes. A key is the mark's name, or {@code name--hash}
 * where y-prosemirror stores several marks of one name over the same text.
 */
record Marks(Map<String, Object> values) {
    static final Marks NONE = new Marks(Map.of());
    static final String BOLD = "bold";
    static final String ITALIC = "italic";
    static final String STRIKE = "strike";
    static final String CODE = "code";
    static final String LINK = "link";

    private static final Pattern HASHED = Pattern.compile(".*--[a-zA-Z0-9+/=]{8}");
    private static final int HASH_LENGTH = 10;

    static Marks of(Map<String, ?> values) {
        if (values.isEmpty()) {
            return NONE;
        }
        return new Marks(Values.map(new TreeMap<String, Object>(values)));
    }

    static String name(String key) {
        int hash = key.length() - HASH_LENGTH;
        boolean hashed =
                hash >= 0 && key.startsWith("--", hash) && HASHED.matcher(key).matches();
        return hashed ? key.substring(0, hash) : key;
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    boolean has(String name) {
        return value(name) != null;
    }

    /** The attributes of the first mark of this name; null where there is none. */
    @Nullable
    Object value(String name) {
        Object direct = values.get(name);
        if (direct != null || values.isEmpty()) {
            return direct;
        }
        for (var entry : values.entrySet()) {
            if (name(entry.getKey()).equals(name)) {
                return entry.getValue();
            }
        }
        return null;
    }

    /** The address of a link, or the empty text. */
    String href() {
        return value(LINK) instanceof Map<?, ?> link ? Values.text(link.get("href")) : "";
    }

    Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        values.keySet().forEach(key -> names.add(name(key)));
        return names;
    }

    Marks with(String key, Object value) {
        Map<String, Object> copy = new TreeMap<>(values);
        copy.put(key, value);
        return of(copy);
    }

    /** Without any mark of this name. */
    Marks without(String name) {
        Map<String, Object> copy = new TreeMap<>(values);
        copy.keySet().removeIf(key -> name(key).equals(name));
        return copy.size() == values.size() ? this : of(copy);
    }

    /** These marks with what changed between two others: a mark is taken away, added, or its attributes set one by one. */
    Marks changed(Marks from, Marks to) {
        Marks result = this;
        for (String name : from.names()) {
            result = to.has(name) ? result : result.without(name);
        }
        for (String name : to.names()) {
            Object value = to.value(name);
            if (value != null && !Values.same(from.value(name), value)) {
                result = result.without(name).with(name, attributes(value(name), from.value(name), value));
            }
        }
        return result;
    }

    private static Object attributes(@Nullable Object present, @Nullable Object from, Object to) {
        if (!(present instanceof Map<?, ?> have) || !(to instanceof Map<?, ?> want)) {
            return to;
        }
        Map<?, ?> had = from instanceof Map<?, ?> m ? m : Map.of();
        Map<String, Object> result = new TreeMap<>();
        have.forEach((k, v) -> result.put(String.valueOf(k), v));
        had.keySet().stream().filter(k -> !want.containsKey(k)).forEach(k -> result.remove(String.valueOf(k)));
        want.forEach((k, v) -> {
            if (!Values.same(had.get(k), v)) {
                result.put(String.valueOf(k), v);
            }
        });
        return Values.map(result);
    }
}
