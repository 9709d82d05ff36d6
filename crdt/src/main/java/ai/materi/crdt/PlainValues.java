package ai.materi.crdt;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns shared types into plain lists, maps and strings, all the way down. */
final class PlainValues {
    private PlainValues() {}

    static Object of(YType type) {
        return of(type, 0);
    }

    /** Types may nest without bound, plain values may not: everything that walks these recurses. */
    private static Object of(YType type, int depth) {
        if (depth > JsValue.MAX_DEPTH) {
            throw new IllegalStateException("types nested deeper than " + JsValue.MAX_DEPTH);
        }
        if (type instanceof YArray array) {
            List<@Nullable Object> out = new ArrayList<>();
            for (Object value : array.toList()) {
                out.add(plain(value, depth));
            }
            return Collections.unmodifiableList(out);
        }
        if (type instanceof YMap map) {
            Map<String, @Nullable Object> out = new LinkedHashMap<>();
            map.toMap().forEach((key, value) -> out.put(key, plain(value, depth)));
            return Collections.unmodifiableMap(out);
        }
        return type.toString();
    }

    private static @Nullable Object plain(@Nullable Object value, int depth) {
        return value instanceof YType type ? of(type, depth + 1) : value;
    }
}
