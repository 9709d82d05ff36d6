package ai.materi.crdt;

import java.math.BigInteger;

/**
 * The decimal of fewest digits that reads back as the same double, and of these the one nearest to it. Java prints too many
 * digits before version 19 (JDK-4511638), JavaScript never.
 *
 * <p>After Raffaello Giulietti, "The Schubfach way to render doubles" (2020): between the two midpoints around a double
 * lies at most one multiple of the largest fitting power of ten with one digit less, and at least one multiple of that
 * power. Three products with a 128-bit power of ten, rounded to odd so that no comparison is deceived, tell which.
 *
 * @param digits above 0, without zeros at its end
 * @param exponent the power of ten that they are multiplied with
 */
record ShortestDecimal(long digits, int exponent) {
    private static final int SIGNIFICAND_BITS = 52;
    private static final long HIDDEN_BIT = 1L << SIGNIFICAND_BITS;
    /** The binary exponent of a subnormal's last bit. */
    private static final int LEAST_EXPONENT = -1074;

    private static final int LEAST_POWER = -292;
    private static final int GREATEST_POWER = 324;
    /** For each power of ten, its 128 leading bits, the last one rounded up. */
    private static final long[] HIGH = new long[GREATEST_POWER - LEAST_POWER + 1];

    private static final long[] LOW = new long[HIGH.length];

    static {
        for (int power = LEAST_POWER; power <= GREATEST_POWER; power++) {
            BigInteger bits = leadingBits(power);
            HIGH[power - LEAST_POWER] = bits.shiftRight(64).longValue();
            LOW[power - LEAST_POWER] = bits.longValue();
        }
    }

    private static BigInteger leadingBits(int power) {
        BigInteger numerator = BigInteger.TEN.pow(Math.max(power, 0));
        BigInteger denominator = BigInteger.TEN.pow(Math.max(-power, 0));
        int shift = 127 - floorLog2OfPower(power);
        BigInteger[] parts =
                numerator.shiftLeft(Math.max(shift, 0)).divideAndRemainder(denominator.shiftLeft(Math.max(-shift, 0)));
        return parts[1].signum() == 0 ? parts[0] : parts[0].add(BigInteger.ONE);
    }

    /** Of ten to the power: right for |power| up to 1233. */
    private static int floorLog2OfPower(int power) {
        return (power * 1_741_647) >> 19;
    }

    /** Of a finite double above 0. */
    static ShortestDecimal of(double value) {
        long bits = Double.doubleToRawLongBits(value);
        long fraction = bits & (HIDDEN_BIT - 1);
        int biased = (int) (bits >>> SIGNIFICAND_BITS);
        long significand = biased == 0 ? fraction : fraction | HIDDEN_BIT;
        int exponent = LEAST_EXPONENT + Math.max(biased - 1, 0);
        // Below a power of two, the next double is only half as far away.
        boolean closerBelow = fraction == 0 && biased > 1;
        return between(significand, exponent, closerBelow).withoutZeros();
    }

    private static ShortestDecimal between(long significand, int exponent, boolean closerBelow) {
        int power = (exponent * 1_262_611 - (closerBelow ? 524_031 : 0)) >> 22;
        int shift = exponent + floorLog2OfPower(-power) + 1;
        // In quarters of the decimal's last digit; a midpoint reads back as its even neighbour.
        int open = (int) (significand & 1);
        long low = scaled(-power, (4 * significand - (closerBelow ? 1 : 2)) << shift) + open;
        long middle = scaled(-power, (4 * significand) << shift);
        long high = scaled(-power, (4 * significand + 2) << shift) - open;

        long units = middle >> 2;
        long tens = units / 10;
        boolean tensBelow = low <= 40 * tens;
        boolean tensAbove = 40 * tens + 40 <= high;
        if (tens > 0 && tensBelow != tensAbove) {
            return new ShortestDecimal(tens + (tensAbove ? 1 : 0), power + 1);
        }
        boolean below = low <= 4 * units;
        boolean above = 4 * units + 4 <= high;
        long half = 4 * units + 2;
        boolean nearerAbove = middle > half || (middle == half && (units & 1) == 1);
        boolean up = below == above ? nearerAbove : above;
        return new ShortestDecimal(units + (up ? 1 : 0), power);
    }

    /** The factor times a power of ten without its last 128 bits; odd when those were not all 0. */
    private static long scaled(int power, long factor) {
        long high = HIGH[power - LEAST_POWER];
        long low = LOW[power - LEAST_POWER];
        long carried = unsignedMultiplyHigh(low, factor);
        long middle = high * factor;
        long sum = middle + carried;
        long top = unsignedMultiplyHigh(high, factor) + (Long.compareUnsigned(sum, middle) < 0 ? 1 : 0);
        return Long.compareUnsigned(sum, 1) > 0 ? top | 1 : top;
    }

    /** As {@code Math.unsignedMultiplyHigh} of Java 18, of a factor that is not negative. */
    private static long unsignedMultiplyHigh(long any, long factor) {
        return Math.multiplyHigh(any, factor) + ((any >> 63) & factor);
    }

    private ShortestDecimal withoutZeros() {
        long rest = digits;
        int zeros = 0;
        while (rest % 10 == 0) {
            rest /= 10;
            zeros++;
        }
        return new ShortestDecimal(rest, exponent + zeros);
    }
}
