package ai.materi.crdt;

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
        ShortestDecimal shortest = ShortestDecimal.of(value);
        String digits = Long.toString(shortest.digits());
        int k = digits.length();
        int n = k + shortest.exponent();
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
}
