package ai.materi.crdt;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * UTF-8 as the format needs it: measured in UTF-16 code units, because clocks count those.
 *
 * <p>Inside the arena a lone surrogate, which only a local edit can bring, is kept as its three generalized bytes (ED A0
 * 80 to ED BF BF), so that a pair whose halves arrive apart becomes whole; on the wire it is U+FFFD.
 */
final class Utf8 {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long HIGH_BITS = 0x8080808080808080L;
    static final int INVALID = -1;
    /** The bytes of a pair of surrogates. */
    static final int PAIR = 4;
    /** The bytes of U+FFFD. */
    static final int REPLACED = 3;

    private Utf8() {}

    /** How many bytes from {@code from} on are ASCII. */
    private static int asciiPrefix(byte[] buf, int from, int end) {
        int i = from;
        while (i + 8 <= end && ((long) LONGS.get(buf, i) & HIGH_BITS) == 0) {
            i += 8;
        }
        while (i < end && buf[i] >= 0) {
            i++;
        }
        return i - from;
    }

    /** The length in UTF-16 code units, or {@link #INVALID} when the bytes are not strict UTF-8. */
    static int utf16Length(byte[] buf, int off, int length) {
        return utf16Length(buf, off, length, false);
    }

    /** As {@link #utf16Length(byte[], int, int)}; loose bytes may hold lone surrogates in their generalized form. */
    static int utf16Length(byte[] buf, int off, int length, boolean loose) {
        int end = off + length;
        int i = off;
        int units = 0;
        while (i < end) {
            int ascii = asciiPrefix(buf, i, end);
            units += ascii;
            i += ascii;
            if (i == end) {
                break;
            }
            int size = sequence(buf, i, end, loose);
            if (size == INVALID) {
                return INVALID;
            }
            units += size == 4 ? 2 : 1;
            i += size;
        }
        return units;
    }

    /** The size of the multi-byte sequence at {@code i}, by table 3-7 of the Unicode standard. */
    private static int sequence(byte[] buf, int i, int end, boolean loose) {
        int lead = buf[i] & 0xFF;
        int size = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
        if (size == 0 || i + size > end) {
            return INVALID;
        }
        int second = buf[i + 1] & 0xFF;
        int low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        int high = lead == 0xED && !loose ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        if (second < low || second > high) {
            return INVALID;
        }
        for (int k = 2; k < size; k++) {
            if ((buf[i + k] & 0xC0) != 0x80) {
                return INVALID;
            }
        }
        return size;
    }

    static String decodeStrict(byte[] buf, int off, int length) {
        if (utf16Length(buf, off, length) == INVALID) {
            throw new MalformedUpdateException("text that is not UTF-8 at byte " + off);
        }
        return new String(buf, off, length, StandardCharsets.UTF_8);
    }

    /** Decodes the arena's form, in which lone surrogates may stand; halves that meet are a pair. */
    static String decodeLoose(byte[] buf, int off, int length) {
        StringBuilder out = new StringBuilder(length);
        for (int i = off; i < off + length; ) {
            int b = buf[i] & 0xFF;
            if (b < 0x80) {
                out.append((char) b);
                i++;
            } else if (b < 0xE0) {
                out.append((char) (((b & 0x1F) << 6) | (buf[i + 1] & 0x3F)));
                i += 2;
            } else if (b < 0xF0) {
                out.append((char) (((b & 0x0F) << 12) | ((buf[i + 1] & 0x3F) << 6) | (buf[i + 2] & 0x3F)));
                i += 3;
            } else {
                out.appendCodePoint(((b & 0x07) << 18)
                        | ((buf[i + 1] & 0x3F) << 12)
                        | ((buf[i + 2] & 0x3F) << 6)
                        | (buf[i + 3] & 0x3F));
                i += 4;
            }
        }
        return out.toString();
    }

    /** The size in bytes; a lone surrogate takes three, kept or replaced. */
    static int encodedLength(String text) {
        long bytes = 0;
        int n = text.length();
        for (int i = 0; i < n; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                bytes++;
            } else if (c < 0x800) {
                bytes += 2;
            } else if (isPair(text, i)) {
                bytes += 4;
                i++;
            } else {
                bytes += 3;
            }
        }
        if (bytes > Integer.MAX_VALUE - 64) {
            throw new IllegalArgumentException("text over 2 GiB");
        }
        return (int) bytes;
    }

    private static boolean isPair(String text, int i) {
        return Character.isHighSurrogate(text.charAt(i))
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
    }

    static boolean hasLoneSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!isPair(text, i)) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }

    /** Whether a lone surrogate stands in these bytes in its generalized form. */
    static boolean hasLoneSurrogate(byte[] buf, int off, int length) {
        for (int i = off; i < off + length; i++) {
            if (isGeneralized(buf, i)) {
                return true;
            }
        }
        return false;
    }

    /** Puts U+FFFD, which has as many bytes, in place of lone surrogates in their generalized form. */
    static void replaceLoneSurrogates(byte[] buf, int off, int length) {
        for (int i = off; i < off + length; i++) {
            if (isGeneralized(buf, i)) {
                replace(buf, i);
            }
        }
    }

    /** Puts U+FFFD in place of three bytes. */
    static void replace(byte[] buf, int i) {
        buf[i] = (byte) 0xEF;
        buf[i + 1] = (byte) 0xBF;
        buf[i + 2] = (byte) 0xBD;
    }

    private static boolean isGeneralized(byte[] buf, int i) {
        return buf[i] == (byte) 0xED && (buf[i + 1] & 0xFF) > 0x9F;
    }

    /** Writes into {@code out} from {@code at} and answers the position after it. */
    static int encode(String text, byte[] out, int at, boolean keepLone) {
        int p = at;
        int n = text.length();
        for (int i = 0; i < n; i++) {
            int c = text.charAt(i);
            if (c < 0x80) {
                out[p++] = (byte) c;
                continue;
            }
            if (c < 0x800) {
                out[p++] = (byte) (0xC0 | c >> 6);
            } else {
                if (isPair(text, i)) {
                    c = Character.toCodePoint((char) c, text.charAt(++i));
                    out[p++] = (byte) (0xF0 | c >> 18);
                    out[p++] = (byte) (0x80 | ((c >> 12) & 0x3F));
                } else {
                    c = Character.isSurrogate((char) c) && !keepLone ? 0xFFFD : c;
                    out[p++] = (byte) (0xE0 | c >> 12);
                }
                out[p++] = (byte) (0x80 | ((c >> 6) & 0x3F));
            }
            out[p++] = (byte) (0x80 | (c & 0x3F));
        }
        return p;
    }

    /**
     * The byte offset of the code unit {@code units}; when that unit is the second half of a pair, the offset of the pair
     * with all bits flipped (a negative number).
     */
    static int offsetOf(byte[] buf, int off, int length, int units) {
        int i = off;
        int end = off + length;
        int left = units;
        while (left > 0) {
            int ascii = asciiPrefix(buf, i, Math.min(end, i + left));
            left -= ascii;
            i += ascii;
            if (left == 0) {
                break;
            }
            int b = buf[i] & 0xFF;
            if (b >= 0xF0) {
                if (left == 1) {
                    return ~(i - off);
                }
                left -= 2;
                i += 4;
            } else {
                left--;
                i += b >= 0xE0 ? 3 : b >= 0xC0 ? 2 : 1;
            }
        }
        return i - off;
    }

    /** As {@link #offsetOf}, of the code unit behind which, itself included, there are so many. */
    static int offsetBefore(byte[] buf, int off, int length, int units) {
        int i = off + length;
        int left = units;
        while (left > 0) {
            int ascii = asciiSuffix(buf, Math.max(off, i - left), i);
            left -= ascii;
            i -= ascii;
            if (left == 0) {
                break;
            }
            do {
                i--;
            } while ((buf[i] & 0xC0) == 0x80);
            if ((buf[i] & 0xFF) >= 0xF0) {
                if (left == 1) {
                    return ~(i - off);
                }
                left--;
            }
            left--;
        }
        return i - off;
    }

    /** How many bytes before {@code end} are ASCII. */
    private static int asciiSuffix(byte[] buf, int from, int end) {
        int i = end;
        while (i - 8 >= from && ((long) LONGS.get(buf, i - 8) & HIGH_BITS) == 0) {
            i -= 8;
        }
        while (i > from && buf[i - 1] >= 0) {
            i--;
        }
        return end - i;
    }
}
