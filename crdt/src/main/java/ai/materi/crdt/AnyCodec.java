package ai.materi.crdt;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The self-describing values of the format ("any": lib0's encoding, tags 116 to 127). Reading keeps its own stack, so
 * depth costs no call frames; it is bounded by {@link JsValue#MAX_DEPTH}.
 */
final class AnyCodec {
    static final int UNDEFINED = 127;
    static final int NULL = 126;
    static final int INTEGER = 125;
    static final int FLOAT32 = 124;
    static final int FLOAT64 = 123;
    static final int BIGINT = 122;
    static final int FALSE = 121;
    static final int TRUE = 120;
    static final int STRING = 119;
    static final int OBJECT = 118;
    static final int ARRAY = 117;
    static final int BYTES = 116;
    /** A key that makes no entry where JavaScript reads an object: what it sets is written by nobody. */
    static final String PROTOTYPE = "__proto__";

    private AnyCodec() {}

    /** Checks one value and moves past it without building it. */
    static void skip(ByteReader in) {
        new AnyWalk().walk(in);
    }

    private static final class Frame {
        final @Nullable List<@Nullable Object> list;
        final @Nullable Map<String, @Nullable Object> map;
        int left;
        String key = "";

        Frame(boolean keyed, int left) {
            // What the bytes claim is not taken at its word: nested claims would add up.
            this.list = keyed ? null : new ArrayList<>(Math.min(left, 8));
            this.map = keyed ? new LinkedHashMap<>() : null;
            this.left = left;
        }

        void add(@Nullable Object value) {
            if (list != null) {
                list.add(value);
            } else if (map != null && !key.equals(PROTOTYPE)) {
                map.put(key, value);
            }
            left--;
        }

        Object close() {
            return list != null ? JsValue.frozen(list) : JsValue.frozen(map == null ? Map.of() : map);
        }
    }

    /** Reads one value; containers come back unmodifiable, objects in the order of their bytes. */
    static @Nullable Object read(ByteReader in) {
        List<Frame> open = new ArrayList<>(0);
        while (true) {
            Object value = readOne(in, open);
            while (!open.isEmpty()) {
                Frame top = open.get(open.size() - 1);
                if (value != top) {
                    top.add(value);
                }
                if (top.left > 0) {
                    break;
                }
                value = top.close();
                open.remove(open.size() - 1);
            }
            if (open.isEmpty()) {
                return value;
            }
            Frame top = open.get(open.size() - 1);
            if (top.map != null) {
                top.key = in.string();
            }
        }
    }

    /** Reads a scalar, or opens a container and answers its frame. */
    private static @Nullable Object readOne(ByteReader in, List<Frame> open) {
        int tag = in.u8();
        return switch (tag) {
            case UNDEFINED -> Undefined.INSTANCE;
            case NULL -> null;
            case INTEGER -> JsNumber.of(in.varIntNumber());
            case FLOAT32 -> JsNumber.of(Float.intBitsToFloat((int) in.fixed(4)));
            case FLOAT64 -> JsNumber.of(Double.longBitsToDouble(in.fixed(8)));
            case BIGINT -> BigInteger.valueOf(in.fixed(8));
            case FALSE -> false;
            case TRUE -> true;
            case STRING -> in.string();
            case OBJECT -> open(open, new Frame(true, in.count(2)));
            case ARRAY -> open(open, new Frame(false, in.count(1)));
            case BYTES -> in.bytes();
            default -> throw new MalformedUpdateException("unknown value tag " + tag + " at byte " + in.pos);
        };
    }

    private static Frame open(List<Frame> open, Frame frame) {
        if (open.size() >= JsValue.MAX_DEPTH) {
            throw new MalformedUpdateException("value nested deeper than " + JsValue.MAX_DEPTH);
        }
        open.add(frame);
        return frame;
    }

    static void write(ByteWriter out, @Nullable Object value) {
        write(out, value, 0);
    }

    private static void write(ByteWriter out, @Nullable Object value, int depth) {
        if (depth > JsValue.MAX_DEPTH) {
            throw new IllegalArgumentException("value nested deeper than " + JsValue.MAX_DEPTH);
        }
        if (value == null) {
            out.u8(NULL);
        } else if (value instanceof String text) {
            out.u8(STRING);
            out.varString(text);
        } else if (value instanceof BigInteger big) {
            out.u8(BIGINT);
            out.fixed(big.longValue(), 8);
        } else if (value instanceof Number number) {
            writeNumber(out, number.doubleValue());
        } else if (value instanceof Boolean flag) {
            out.u8(flag ? TRUE : FALSE);
        } else if (value instanceof byte[] bytes) {
            out.u8(BYTES);
            out.varBytes(bytes, 0, bytes.length);
        } else if (value instanceof List<?> list) {
            out.u8(ARRAY);
            out.varUint(list.size());
            for (Object item : list) {
                write(out, item, depth + 1);
            }
        } else if (value instanceof Map<?, ?> map) {
            writeObject(out, map, depth);
        } else if (value == Undefined.INSTANCE) {
            out.u8(UNDEFINED);
        } else {
            throw new IllegalArgumentException(
                    "no value of the format: " + value.getClass().getName());
        }
    }

    @SuppressWarnings("unchecked") // keys of a value are strings by the contract of every door
    private static void writeObject(ByteWriter out, Map<?, ?> map, int depth) {
        Map<String, ?> object = (Map<String, ?>) map;
        out.u8(OBJECT);
        out.varUint(object.size());
        for (String key : JsValue.orderedKeys(object)) {
            out.varString(key);
            write(out, object.get(key), depth + 1);
        }
    }

    /** Whether JavaScript writes it as an integer. */
    static boolean isInteger(double value) {
        return value == Math.rint(value) && Math.abs(value) <= Integer.MAX_VALUE;
    }

    /** Whether four bytes hold all of it. */
    static boolean isFloat32(double value) {
        return (double) (float) value == value;
    }

    private static void writeNumber(ByteWriter out, double value) {
        if (isInteger(value)) {
            out.u8(INTEGER);
            out.varInt((long) Math.abs(value), value < 0 || JsNumber.isNegativeZero(value));
        } else if (isFloat32(value)) {
            out.u8(FLOAT32);
            out.fixed(Float.floatToRawIntBits((float) value), 4);
        } else {
            out.u8(FLOAT64);
            out.fixed(Double.doubleToRawLongBits(value), 8);
        }
    }
}
