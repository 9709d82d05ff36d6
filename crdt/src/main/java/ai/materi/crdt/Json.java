package ai.materi.crdt;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON as {@code JSON.parse} reads and {@code JSON.stringify} prints it (RFC 8259 and ECMA-262): embeds and formatting
 * values travel in it. Parsing keeps its own stack and is bounded in depth by {@link JsValue#MAX_DEPTH}.
 */
public final class Json {
    private final String text;
    private int pos;

    private Json(String text) {
        this.text = text;
    }

    /** Throws {@link MalformedUpdateException} for what JavaScript would not parse. */
    public static @Nullable Object parse(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            case "null" -> null;
            default -> new Json(text).document();
        };
    }

    private static final class Frame {
        final @Nullable List<@Nullable Object> list;
        final @Nullable Map<String, @Nullable Object> map;
        String key = "";

        Frame(boolean keyed) {
            list = keyed ? null : new ArrayList<>();
            map = keyed ? new LinkedHashMap<>() : null;
        }

        char close() {
            return list != null ? ']' : '}';
        }

        void add(@Nullable Object value) {
            if (list != null) {
                list.add(value);
            } else if (map != null) {
                map.put(key, value);
            }
        }

        Object value() {
            return list != null
                    ? Collections.unmodifiableList(list)
                    : Collections.unmodifiableMap(map == null ? Map.of() : map);
        }
    }

    private @Nullable Object document() {
        List<Frame> open = new ArrayList<>(0);
        while (true) {
            Object value = openOrScalar(open);
            boolean complete = value != this;
            while (complete && !open.isEmpty()) {
                Frame top = open.get(open.size() - 1);
                top.add(value);
                complete = !more(top);
                if (complete) {
                    value = open.remove(open.size() - 1).value();
                }
            }
            if (complete) {
                space();
                if (pos != text.length()) {
                    throw bad();
                }
                return value;
            }
        }
    }

    /** Reads a value; an opened, not empty container answers this parser itself as the sign that its content follows. */
    private @Nullable Object openOrScalar(List<Frame> open) {
        space();
        char c = peek();
        if (c != '{' && c != '[') {
            return scalar(c);
        }
        pos++;
        Frame frame = new Frame(c == '{');
        space();
        if (peek() == frame.close()) {
            pos++;
            return frame.value();
        }
        if (open.size() >= JsValue.MAX_DEPTH) {
            throw new MalformedUpdateException("JSON nested deeper than " + JsValue.MAX_DEPTH);
        }
        open.add(frame);
        key(frame);
        return this;
    }

    /** After an element: true when another follows, false when the container closed. */
    private boolean more(Frame frame) {
        space();
        char c = next();
        if (c == frame.close()) {
            return false;
        }
        if (c != ',') {
            throw bad();
        }
        key(frame);
        return true;
    }

    private void key(Frame frame) {
        if (frame.map == null) {
            return;
        }
        space();
        if (peek() != '"') {
            throw bad();
        }
        frame.key = string();
        space();
        if (next() != ':') {
            throw bad();
        }
    }

    private @Nullable Object scalar(char c) {
        return switch (c) {
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private @Nullable Object word(String word, @Nullable Object value) {
        if (!text.startsWith(word, pos)) {
            throw bad();
        }
        pos += word.length();
        return value;
    }

    private Number number() {
        int start = pos;
        if (peek() == '-') {
            pos++;
        }
        if (peek() == '0') {
            pos++;
        } else {
            digits();
        }
        if (pos < text.length() && text.charAt(pos) == '.') {
            pos++;
            digits();
        }
        if (pos < text.length() && (text.charAt(pos) == 'e' || text.charAt(pos) == 'E')) {
            pos++;
            if (peek() == '+' || peek() == '-') {
                pos++;
            }
            digits();
        }
        return JsNumber.of(Double.parseDouble(text.substring(start, pos)));
    }

    private void digits() {
        int start = pos;
        while (pos < text.length() && text.charAt(pos) >= '0' && text.charAt(pos) <= '9') {
            pos++;
        }
        if (pos == start) {
            throw bad();
        }
    }

    private String string() {
        pos++;
        StringBuilder out = new StringBuilder();
        while (true) {
            char c = next();
            if (c == '"') {
                return out.toString();
            }
            if (c < 0x20) {
                throw bad();
            }
            out.append(c == '\\' ? escape() : c);
        }
    }

    private char escape() {
        char c = next();
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> hex();
            default -> throw bad();
        };
    }

    private char hex() {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(next(), 16);
            if (digit < 0 || text.charAt(pos - 1) > 'f') {
                throw bad();
            }
            value = value << 4 | digit;
        }
        return (char) value;
    }

    private void space() {
        while (pos < text.length() && " \t\n\r".indexOf(text.charAt(pos)) >= 0) {
            pos++;
        }
    }

    private char peek() {
        if (pos >= text.length()) {
            throw bad();
        }
        return text.charAt(pos);
    }

    private char next() {
        char c = peek();
        pos++;
        return c;
    }

    private MalformedUpdateException bad() {
        return new MalformedUpdateException("not JSON at character " + pos);
    }

    /** As {@link #stringify}, of a value that was received in another form than JSON. */
    static String ofReceived(@Nullable Object value) {
        if (value == Undefined.INSTANCE) {
            return "null";
        }
        try {
            return stringify(value);
        } catch (IllegalArgumentException e) {
            throw new MalformedUpdateException("a value that JSON has no form for: " + e.getMessage());
        }
    }

    /** Throws {@link IllegalArgumentException} for what JavaScript would not print: big integers, or no plain value. */
    public static String stringify(@Nullable Object value) {
        StringBuilder out = new StringBuilder();
        write(out, value, 0);
        return out.toString();
    }

    private static void write(StringBuilder out, @Nullable Object value, int depth) {
        if (depth > JsValue.MAX_DEPTH) {
            throw new IllegalArgumentException("value nested deeper than " + JsValue.MAX_DEPTH);
        }
        if (value == null || value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof String text) {
            quote(out, text);
        } else if (value instanceof Number number && !(value instanceof BigInteger)) {
            double d = number.doubleValue();
            out.append(Double.isNaN(d) || Double.isInfinite(d) ? "null" : JsNumber.toString(d));
        } else if (value instanceof List<?> list) {
            writeList(out, list, depth);
        } else if (value instanceof byte[] bytes) {
            writeBytes(out, bytes);
        } else if (value instanceof Map<?, ?> map) {
            writeMap(out, map, depth);
        } else {
            throw new IllegalArgumentException(
                    "not a JSON value: " + value.getClass().getName());
        }
    }

    /** As JavaScript does a Uint8Array: an object of its indices. */
    private static void writeBytes(StringBuilder out, byte[] bytes) {
        out.append('{');
        for (int i = 0; i < bytes.length; i++) {
            out.append(i == 0 ? "\"" : ",\"").append(i).append("\":").append(bytes[i] & 0xFF);
        }
        out.append('}');
    }

    private static void writeList(StringBuilder out, List<?> list, int depth) {
        out.append('[');
        for (int i = 0; i < list.size(); i++) {
            Object item = list.get(i);
            out.append(i == 0 ? "" : ",");
            write(out, item == Undefined.INSTANCE ? null : item, depth + 1);
        }
        out.append(']');
    }

    @SuppressWarnings("unchecked") // keys of a value are strings by the contract of every door
    private static void writeMap(StringBuilder out, Map<?, ?> map, int depth) {
        Map<String, ?> object = (Map<String, ?>) map;
        out.append('{');
        boolean first = true;
        for (String key : JsValue.orderedKeys(object)) {
            Object item = object.get(key);
            if (item == Undefined.INSTANCE) {
                continue;
            }
            out.append(first ? "" : ",");
            first = false;
            quote(out, key);
            out.append(':');
            write(out, item, depth + 1);
        }
        out.append('}');
    }

    private static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                out.append(c).append(text.charAt(++i));
            } else if (c < 0x20 || Character.isSurrogate(c)) {
                out.append(shortEscape(c));
            } else if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    private static String shortEscape(char c) {
        return switch (c) {
            case '\b' -> "\\b";
            case '\f' -> "\\f";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> String.format("\\u%04x", (int) c);
        };
    }
}
