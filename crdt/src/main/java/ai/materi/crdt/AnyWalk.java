package ai.materi.crdt;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Walks values of the format ({@link AnyCodec}), checks them without building any, and notes whether JavaScript would write
 * them in the same bytes. It keeps its own stack, so depth costs no call frames, and takes one value after the other.
 */
final class AnyWalk {
    private static final byte[] PROTOTYPE = AnyCodec.PROTOTYPE.getBytes(StandardCharsets.US_ASCII);
    private static final int SCALAR = Integer.MIN_VALUE;

    /** What is left in each open container: elements, or entries with all bits flipped. */
    private int[] open = new int[8];

    private final KeyOrder keys = new KeyOrder();
    private boolean odd;

    /** Whether all values so far were as JavaScript writes them; that no integer is too long, {@link ByteReader} knows. */
    boolean isCanonical() {
        return !odd && !keys.isBroken();
    }

    /** Moves past one value. */
    void walk(ByteReader in) {
        int depth = enter(in, 0);
        while (depth > 0) {
            int left = open[depth - 1];
            if (left == 0) {
                depth--;
            } else if (left == ~0) {
                keys.close();
                depth--;
            } else {
                open[depth - 1] = left > 0 ? left - 1 : left + 1;
                if (left < 0) {
                    key(in);
                }
                depth = enter(in, depth);
            }
        }
    }

    /** Moves past a scalar, or past the head of a container, which is then open: answers how many are. */
    private int enter(ByteReader in, int depth) {
        int left = head(in);
        if (left == SCALAR || left == 0 || left == ~0) {
            return depth;
        }
        if (depth >= JsValue.MAX_DEPTH) {
            throw new MalformedUpdateException("value nested deeper than " + JsValue.MAX_DEPTH);
        }
        open = depth == open.length ? Arrays.copyOf(open, depth * 2) : open;
        open[depth] = left;
        if (left < 0) {
            keys.open();
        }
        return depth + 1;
    }

    private int head(ByteReader in) {
        int tag = in.u8();
        switch (tag) {
            case AnyCodec.UNDEFINED, AnyCodec.NULL, AnyCodec.FALSE, AnyCodec.TRUE -> {}
            case AnyCodec.INTEGER -> odd |= !AnyCodec.isInteger(in.varIntNumber());
            case AnyCodec.FLOAT32 -> {
                float value = Float.intBitsToFloat((int) in.fixed(4));
                odd |= AnyCodec.isInteger(value) || Float.isNaN(value);
            }
            case AnyCodec.FLOAT64 -> {
                double value = Double.longBitsToDouble(in.fixed(8));
                odd |= AnyCodec.isInteger(value) || AnyCodec.isFloat32(value);
            }
            case AnyCodec.BIGINT -> in.skip(8);
            case AnyCodec.STRING -> skipText(in);
            case AnyCodec.OBJECT -> {
                return ~in.count(2);
            }
            case AnyCodec.ARRAY -> {
                return in.count(1);
            }
            case AnyCodec.BYTES -> in.skipBytes();
            default -> throw new MalformedUpdateException("unknown value tag " + tag + " at byte " + in.pos);
        }
        return SCALAR;
    }

    private void key(ByteReader in) {
        int length = skipText(in);
        int at = in.pos - length;
        odd |= Arrays.equals(in.buf, at, in.pos, PROTOTYPE, 0, PROTOTYPE.length);
        keys.key(in.buf, at, length);
    }

    private static int skipText(ByteReader in) {
        int length = in.skipBytes();
        if (Utf8.utf16Length(in.buf, in.pos - length, length) == Utf8.INVALID) {
            throw new MalformedUpdateException("text that is not UTF-8 at byte " + in.pos);
        }
        return length;
    }
}
