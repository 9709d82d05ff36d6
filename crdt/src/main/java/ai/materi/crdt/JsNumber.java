package ai.materi.crdt;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers as JavaScript holds and prints them (ECMA-262, Number::toString). */
final class JsNumber {
    private static final double MAX_SAFE = 0x1p53;

    private JsNumber() {}

    /** The Java value of a JavaScript number: Integer or Long where it is whole and exact, else Double. */
    static Number of(double value) {
        if (value == Math.rint(value) && Math.abs(value) < MAX_SAFE && !isNegativeZero(value)) {
            long whole = (long) value;
            if (whole == (int) whole) {
                return (int) whole;
            }
            return whole;
        }
        return value;
    }

    static boolean isNegativeZero(double value) {
        return value == 0 && Double.doubleToRawLongBits(value) != 0;
    }

    static String toString(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (value == 0) {
            return "0";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "Infinity" : "-Infinity";
        }
        if (value == Math.rint(value) && Math.abs(value) < MAX_SAFE) {
            return Long.toString((long) value);
        }
        String sign = value < 0 ? "-" : "";
        return sign + positive(Math.abs(value));
    }

    private static String positive(double value) {
        BigDecimal shortest = shortest(value).stripTrailingZeros();
        String digits = shortest.unscaledValue().toString();
        int k = digits.length();
        int n = k - shortest.scale();
        if (n >= k && n <= 21) {
            return digits + "0".repeat(n - k);
        }
        if (n > 0 && n <= 21) {
            return digits.substring(0, n) + "." + digits.substring(n);
        }
        if (n > -6 && n <= 0) {
            return "0." + "0".repeat(-n) + digits;
        }
        String exponent = (n > 0 ? "e+" : "e-") + Math.abs(n - 1);
        return k == 1 ? digits + exponent : digits.charAt(0) + "." + digits.substring(1) + exponent;
    }

    /** The fewest digits that read back as the same double; {@code Double.toString} gives too many before Java 19. */
    private static BigDecimal shortest(double value) {
        BigDecimal exact = new BigDecimal(value);
        for (int precision = 1; precision < 17; precision++) {
            BigDecimal rounded = exact.round(new MathContext(precision, RoundingMode.HALF_EVEN));
            if (rounded.doubleValue() == value) {
                return rounded;
            }
        }
        return exact.round(new MathContext(17, RoundingMode.HALF_EVEN));
    }
}
