package ai.materi.collab.content;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Attribute values as editors store them: text, numbers, booleans, null, and lists and maps of these. */
final class Values {
    private Values() {}

    /** Whether two values mean the same: 2, 2.0 and "2" are one level, however an editor stored it. */
    static boolean same(@Nullable Object a, @Nullable Object b) {
        if (Objects.equals(a, b)) {
            return true;
        }
        if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
            return sameMaps(x, y);
        }
        if (a instanceof List<?> x && b instanceof List<?> y) {
            return sameLists(x, y);
        }
        return isScalar(a) && isScalar(b) && scalar(a).equals(scalar(b));
    }

    private static boolean sameMaps(Map<?, ?> a, Map<?, ?> b) {
        return a.keySet().stream().allMatch(k -> same(a.get(k), b.get(k)))
                && b.keySet().stream().allMatch(k -> a.containsKey(k) || b.get(k) == null);
    }

    private static boolean sameLists(List<?> a, List<?> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!same(a.get(i), b.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isScalar(@Nullable Object value) {
        return value instanceof Number || value instanceof String || value instanceof Boolean;
    }

    private static String scalar(@Nullable Object value) {
        if (value instanceof Number n && n.doubleValue() == Math.rint(n.doubleValue())) {
            return Long.toString(n.longValue());
        }
        return String.valueOf(value);
    }

    /** The whole number that a value means, or the fallback. */
    static int number(@Nullable Object value, int fallback) {
        if (value instanceof Number n) {
            return n.intValue();
        }
        if (value instanceof String s && s.matches("-?[0-9]{1,9}")) {
            return Integer.parseInt(s);
        }
        return fallback;
    }

    static boolean truth(@Nullable Object value) {
        return Boolean.TRUE.equals(value) || "true".equals(value);
    }

    /** The text of a value, or the empty text where it is none. */
    static String text(@Nullable Object value) {
        return value instanceof String s ? s : "";
    }

    /** An unmodifiable copy that keeps its order and may hold nulls. */
    static Map<String, Object> map(Map<String, ?> values) {
        return values.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<String, Object>(values));
    }

    /** The values with one more; null takes the key away. */
    static Map<String, Object> with(Map<String, Object> values, String key, @Nullable Object value) {
        Map<String, Object> copy = new LinkedHashMap<>(values);
        if (value == null) {
            copy.remove(key);
        } else {
            copy.put(key, value);
        }
        return map(copy);
    }
}
