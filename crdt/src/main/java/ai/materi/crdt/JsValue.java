package ai.materi.crdt;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What JavaScript does with plain values where the outcome reaches the wire: equality, key order, conversion to text. */
final class JsValue {
    /** How deep values may nest, here and in what is received. */
    static final int MAX_DEPTH = 1000;
    /** The greatest array index. */
    static final long MAX_INDEX = 0xFFFFFFFEL;

    static final int MAX_INDEX_DIGITS = 10;

    private JsValue() {}

    /** {@code ===}: objects are equal only to themselves. */
    @SuppressWarnings("ReferenceEquality") // identity is the rule being followed
    static boolean strictEquals(@Nullable Object a, @Nullable Object b) {
        if (a == b) {
            return true;
        }
        if (a instanceof Number x && b instanceof Number y) {
            return x.doubleValue() == y.doubleValue();
        }
        return (a instanceof String || a instanceof Boolean) && a.equals(b);
    }

    /** The equality of formatting attributes in yjs: scalars by value, objects by one level of {@code ===}. */
    static boolean equalAttributes(@Nullable Object a, @Nullable Object b) {
        if (strictEquals(a, b)) {
            return true;
        }
        Map<String, ?> x = asObject(a);
        Map<String, ?> y = asObject(b);
        if (x == null || y == null || x.size() != y.size()) {
            return false;
        }
        for (Map.Entry<String, ?> entry : x.entrySet()) {
            if (!y.containsKey(entry.getKey()) || !strictEquals(entry.getValue(), y.get(entry.getKey()))) {
                return false;
            }
        }
        return true;
    }

    @SuppressWarnings("unchecked")
    private static @Nullable Map<String, ?> asObject(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return (Map<String, ?>) map;
        }
        if (value instanceof List<?> list) {
            Map<String, Object> out = new LinkedHashMap<>();
            for (int i = 0; i < list.size(); i++) {
                out.put(Integer.toString(i), list.get(i));
            }
            return out;
        }
        return null;
    }

    /** Keys in the order of a JavaScript object: array indices ascending, then the others as they were added. */
    static Collection<String> orderedKeys(Map<String, ?> map) {
        boolean plain = true;
        for (String key : map.keySet()) {
            plain &= !isIndex(key);
        }
        if (plain) {
            return map.keySet();
        }
        List<String> indices = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (String key : map.keySet()) {
            (isIndex(key) ? indices : names).add(key);
        }
        indices.sort((a, b) -> Long.compare(Long.parseLong(a), Long.parseLong(b)));
        indices.addAll(names);
        return indices;
    }

    private static boolean isIndex(String key) {
        int n = key.length();
        if (n == 0 || n > MAX_INDEX_DIGITS || (key.charAt(0) == '0' && n > 1)) {
            return false;
        }
        for (int i = 0; i < n; i++) {
            if (key.charAt(i) < '0' || key.charAt(i) > '9') {
                return false;
            }
        }
        return Long.parseLong(key) <= MAX_INDEX;
    }

    static <T extends @Nullable Object> Map<String, T> ordered(Map<String, T> map) {
        Map<String, T> out = new LinkedHashMap<>();
        for (String key : orderedKeys(map)) {
            out.put(key, map.get(key));
        }
        return Collections.unmodifiableMap(out);
    }

    /** The list, unmodifiable and no larger than it must be: received values may be many and small. */
    static List<@Nullable Object> frozen(List<@Nullable Object> list) {
        return switch (list.size()) {
            case 0 -> Collections.emptyList();
            case 1 -> Collections.singletonList(list.get(0));
            default -> Collections.unmodifiableList(new ArrayList<>(list));
        };
    }

    /** As {@link #frozen(List)}. */
    static Map<String, @Nullable Object> frozen(Map<String, @Nullable Object> map) {
        if (map.size() != 1) {
            return map.isEmpty() ? Collections.emptyMap() : Collections.unmodifiableMap(map);
        }
        Map.Entry<String, @Nullable Object> entry = map.entrySet().iterator().next();
        return Collections.singletonMap(entry.getKey(), entry.getValue());
    }

    /** Whether JavaScript takes it for true. */
    static boolean isTruthy(@Nullable Object value) {
        if (value instanceof BigInteger big) {
            return big.signum() != 0;
        }
        if (value instanceof Number number) {
            double d = number.doubleValue();
            return d != 0 && !Double.isNaN(d);
        }
        return value != null && value != Undefined.INSTANCE && !value.equals(false) && !value.equals("");
    }

    /** {@code String(value)} for anything but a shared type. */
    static String toText(@Nullable Object value) {
        if (value instanceof Number number) {
            return value instanceof BigInteger ? value.toString() : JsNumber.toString(number.doubleValue());
        }
        if (value instanceof Map || value instanceof SubDocument) {
            return "[object Object]";
        }
        if (value instanceof byte[] bytes) {
            return joinBytes(bytes);
        }
        if (value instanceof List<?> list) {
            return joinList(list, 0);
        }
        return Objects.toString(value);
    }

    private static String joinBytes(byte[] bytes) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < bytes.length; i++) {
            out.append(i == 0 ? "" : ",").append(bytes[i] & 0xFF);
        }
        return out.toString();
    }

    private static String joinList(List<?> list, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("value nested deeper than " + MAX_DEPTH);
        }
        StringBuilder out = new StringBuilder();
        for (Iterator<?> it = list.iterator(); it.hasNext(); ) {
            Object item = it.next();
            if (item instanceof List<?> inner) {
                out.append(joinList(inner, depth + 1));
            } else if (item != null && item != Undefined.INSTANCE) {
                out.append(toText(item));
            }
            out.append(it.hasNext() ? "," : "");
        }
        return out.toString();
    }
}
