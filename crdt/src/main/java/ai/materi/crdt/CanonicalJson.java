package ai.materi.crdt;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Knows JSON that is as {@code JSON.stringify} prints it, in received bytes and without building anything. It is strict:
 * what it does not know may still be JSON, and even print alike (escaped halves of surrogate pairs), and is for {@link Json}.
 */
final class CanonicalJson {
    /** A double prints to no more characters. */
    private static final int LONGEST_NUMBER = 25;
    /** Any integer of so many digits is a double that prints as the same digits. */
    private static final int EXACT_DIGITS = 15;

    private static final int END = -1;

    private final KeyOrder keys = new KeyOrder();
    /** Whether each open container has keys. */
    private boolean[] keyed = new boolean[8];

    private int depth;
    private byte[] buf = {};
    private int pos;
    private int end;

    /** Whether these bytes, which are UTF-8, are JSON as JavaScript prints it. */
    boolean isCanonical(byte[] bytes, int at, int length) {
        buf = bytes;
        pos = at;
        end = at + length;
        depth = 0;
        keys.restart();
        do {
            if (!valueOrHead()) {
                return false;
            }
        } while (depth > 0);
        return pos == end && !keys.isBroken();
    }

    /** A scalar and what closes behind it, or the head of a container that is not empty. */
    private boolean valueOrHead() {
        int c = next();
        if (c != '{' && c != '[') {
            return scalar(c) && closing();
        }
        boolean object = c == '{';
        if (peek() == (object ? '}' : ']')) {
            pos++;
            return closing();
        }
        if (depth == JsValue.MAX_DEPTH) {
            return false;
        }
        keyed = depth == keyed.length ? Arrays.copyOf(keyed, depth * 2) : keyed;
        keyed[depth++] = object;
        if (object) {
            keys.open();
        }
        return !object || key();
    }

    /** Behind a value: closes what ends there, up to where another value follows. */
    private boolean closing() {
        while (depth > 0) {
            boolean object = keyed[depth - 1];
            int c = next();
            if (c == ',') {
                return !object || key();
            }
            if (c != (object ? '}' : ']')) {
                return false;
            }
            if (object) {
                keys.close();
            }
            depth--;
        }
        return true;
    }

    private boolean key() {
        int from = pos + 1;
        if (next() != '"' || !string()) {
            return false;
        }
        keys.key(buf, from, pos - 1 - from);
        return next() == ':';
    }

    private boolean scalar(int c) {
        return switch (c) {
            case '"' -> string();
            case 't' -> word("rue");
            case 'f' -> word("alse");
            case 'n' -> word("ull");
            default -> number(c);
        };
    }

    private boolean word(String rest) {
        for (int i = 0; i < rest.length(); i++) {
            if (next() != rest.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private boolean string() {
        while (true) {
            int c = next();
            if (c == '"') {
                return true;
            }
            if (c < ' ' || (c == '\\' && !escape())) {
                return false;
            }
        }
    }

    private boolean escape() {
        return switch (next()) {
            case '"', '\\', 'b', 'f', 'n', 'r', 't' -> true;
            case 'u' -> word("00") && control();
            default -> false;
        };
    }

    /** The last two digits of a control character that has no shorter escape. */
    private boolean control() {
        int high = next() - '0';
        int last = next();
        int low = last > 'f' ? END : Character.digit(last, 16);
        boolean isUpper = last >= 'A' && last <= 'F';
        boolean hasShorter = high == 0 && low >= 8 && low <= 13 && low != 11;
        return (high == 0 || high == 1) && low >= 0 && !isUpper && !hasShorter;
    }

    private boolean number(int first) {
        int from = pos - 1;
        int digitsFrom = first == '-' ? pos : from;
        pos = digitsFrom;
        int digits = digits();
        if (digits == 0 || (digits > 1 && buf[digitsFrom] == '0')) {
            return false;
        }
        boolean whole = peek() != '.' && peek() != 'e';
        if (whole && digits <= EXACT_DIGITS) {
            return first != '-' || buf[digitsFrom] != '0';
        }
        return fraction() && exponent() && printsAlike(from);
    }

    private boolean fraction() {
        if (peek() != '.') {
            return true;
        }
        pos++;
        return digits() > 0;
    }

    private boolean exponent() {
        if (peek() != 'e') {
            return true;
        }
        pos++;
        pos += peek() == '+' || peek() == '-' ? 1 : 0;
        return digits() > 0;
    }

    private boolean printsAlike(int from) {
        if (pos - from > LONGEST_NUMBER) {
            return false;
        }
        String text = new String(buf, from, pos - from, StandardCharsets.US_ASCII);
        return JsNumber.toString(Double.parseDouble(text)).equals(text);
    }

    private int digits() {
        int from = pos;
        while (pos < end && buf[pos] >= '0' && buf[pos] <= '9') {
            pos++;
        }
        return pos - from;
    }

    private int peek() {
        return pos < end ? buf[pos] & 0xFF : END;
    }

    private int next() {
        int c = peek();
        pos++;
        return c;
    }
}
