package ai.materi.crdt;

import java.math.BigInteger;
import java.util.ArrayList;
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
    /** Whether values are made, or only looked at. */
    private final boolean builds;

    private int pos;

    private Json(String text, boolean builds) {
        this.text = text;
        this.builds = builds;
    }

    /** Throws {@link MalformedUpdateException} for what JavaScript would not parse. */
    public static @Nullable Object parse(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            case "null" -> null;
            default -> new Json(text, true).document();
        };
    }

    /** As {@link #parse}, without building the value: a few bytes of JSON can stand for a large one. */
    static void check(String text) {
        new Json(text, false).document();
    }

    private static final class Frame {
        final @Nullable List<@Nullable Object> list;
        final @Nullable Map<String, @Nullable Object> map;
        String key = "";

        Frame(boolean keyed) {
            list = keyed ? null : new ArrayList<>(0);
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
            return list != null ? JsValue.frozen(list) : JsValue.frozen(map == null ? Map.of() : map);
        }
    }

    private @Nullable Object document() {
        List<Frame> open = new ArrayList<>(0);
        while (true) {
            Object value = openOrScalar(open);
            boolean complete = value != this;
            while (complete && !open.isEmpty()) {
                Frame top = open.get(open.size() - 1);
                if (builds) {
                    top.add(value);
                }
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
        return builds ? JsNumber.of(Double.parseDouble(text.substring(start, pos))) : 0;
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
        int from = ++pos;
        StringBuilder unescaped = new StringBuilder(0);
        while (true) {
            char c = next();
            if (c == '"') {
                String rest = builds ? text.substring(from, pos - 1) : "";
                return unescaped.length() == 0 ? rest : unescaped.append(rest).toString();
            }
            if (c < 0x20) {
                throw bad();
            }
            if (c == '\\') {
                int plain = pos - 1;
                char escaped = escape();
                if (builds) {
                    unescaped.append(text, from, plain).append(escaped);
                }
                from = pos;
            }
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

    /**
     * As {@link #stringify}, of a value that was received in another form than JSON.
     *
     * @param most how many characters it may become
     */
    static String ofReceived(@Nullable Object value, int most) {
        if (value == Undefined.INSTANCE) {
            return "null";
        }
        try {
            return new Printer(most).print(value);
        } catch (IllegalArgumentException e) {
            throw new MalformedUpdateException("a value that JSON has no form for: " + e.getMessage());
        }
    }

    /** Throws {@link IllegalArgumentException} for what JavaScript would not print: big integers, or no plain value. */
    public static String stringify(@Nullable Object value) {
        return new Printer(Integer.MAX_VALUE).print(value);
    }

    private static final class Printer {
        private final StringBuilder out = new StringBuilder();
        private final int most;

        Printer(int most) {
            this.most = most;
        }

        String print(@Nullable Object value) {
            write(value, 0);
            return out.toString();
        }

        private void write(@Nullable Object value, int depth) {
            if (depth > JsValue.MAX_DEPTH) {
                throw new IllegalArgumentException("value nested deeper than " + JsValue.MAX_DEPTH);
            }
            if (value == null || value instanceof Boolean) {
                out.append(value);
            } else if (value instanceof String text) {
                quote(text);
            } else if (value instanceof Number number && !(value instanceof BigInteger)) {
                double d = number.doubleValue();
                out.append(Double.isNaN(d) || Double.isInfinite(d) ? "null" : JsNumber.toString(d));
            } else if (value instanceof List<?> list) {
                writeList(list, depth);
            } else if (value instanceof byte[] bytes) {
                writeBytes(bytes);
            } else if (value instanceof Map<?, ?> map) {
                writeMap(map, depth);
            } else {
                throw new IllegalArgumentException(
                        "not a JSON value: " + value.getClass().getName());
            }
            limit();
        }

        private void limit() {
            if (out.length() > most) {
                throw new IllegalArgumentException("JSON of more than " + most + " characters");
            }
        }

        /** As JavaScript does a Uint8Array: an object of its indices. */
        private void writeBytes(byte[] bytes) {
            out.append('{');
            for (int i = 0; i < bytes.length; i++) {
                out.append(i == 0 ? "\"" : ",\"").append(i).append("\":").append(bytes[i] & 0xFF);
                limit();
            }
            out.append('}');
        }

        private void writeList(List<?> list, int depth) {
            out.append('[');
            for (int i = 0; i < list.size(); i++) {
                Object item = list.get(i);
                out.append(i == 0 ? "" : ",");
                write(item == Undefined.INSTANCE ? null : item, depth + 1);
            }
            out.append(']');
        }

        @SuppressWarnings("unchecked") // keys of a value are strings by the contract of every door
        private void writeMap(Map<?, ?> map, int depth) {
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
                quote(key);
                out.append(':');
                write(item, depth + 1);
            }
            out.append('}');
        }

        private void quote(String text) {
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
