package ai.materi.collab.content;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes values as JSON (RFC 8259) with sorted keys, so that equal values give equal text. */
final class JsonText {
    private JsonText() {}

    static String of(@Nullable Object value) {
        StringBuilder out = new StringBuilder();
        value(value, out, 0);
        return out.toString();
    }

    static void value(@Nullable Object value, StringBuilder out, int depth) {
        if (value instanceof String text) {
            string(text, out);
        } else if (value instanceof Number number) {
            out.append(number(number));
        } else if (value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof Map<?, ?> map && depth <= Bounds.DEPTH) {
            object(map, out, depth);
        } else if (value instanceof List<?> list && depth <= Bounds.DEPTH) {
            array(list, out, depth);
        } else {
            out.append("null");
        }
    }

    private static void object(Map<?, ?> map, StringBuilder out, int depth) {
        Map<String, Object> sorted = new TreeMap<>();
        map.forEach((k, v) -> sorted.put(String.valueOf(k), v));
        char separator = '{';
        for (Map.Entry<String, Object> entry : sorted.entrySet()) {
            out.append(separator);
            string(entry.getKey(), out);
            out.append(':');
            value(entry.getValue(), out, depth + 1);
            separator = ',';
        }
        out.append(sorted.isEmpty() ? "{}" : "}");
    }

    private static void array(List<?> list, StringBuilder out, int depth) {
        char separator = '[';
        for (Object item : list) {
            out.append(separator);
            value(item, out, depth + 1);
            separator = ',';
        }
        out.append(list.isEmpty() ? "[]" : "]");
    }

    private static String number(Number number) {
        double value = number.doubleValue();
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return "null";
        }
        boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15;
        return whole ? Long.toString((long) value) : number.toString();
    }

    static void string(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> plain(c, out);
            }
        }
        out.append('"');
    }

    private static void plain(char c, StringBuilder out) {
        if (c < ' ' || c == '\u2028' || c == '\u2029') {
            out.append(String.format("\\u%04x", (int) c));
        } else {
            out.append(c);
        }
    }
}
