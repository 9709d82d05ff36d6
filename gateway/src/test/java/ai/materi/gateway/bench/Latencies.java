package ai.materi.gateway.bench;

/**
 * Times in a histogram of microseconds whose buckets grow with the value, as HdrHistogram's do: exact below 256 µs, within
 * 0.8 % above. Values past {@value #LONGEST_MICROS} µs count as that.
 */
public final class Latencies {
    private static final int BITS = 7;
    private static final int HALF = 1 << BITS;
    private static final long LONGEST_MICROS = 120_000_000;

    private final long[] counts = new long[bucket(LONGEST_MICROS) + 1];
    private long count;
    private long longestMicros;

    /** One more value. */
    public void record(long nanos) {
        long micros = Math.min(LONGEST_MICROS, Math.max(0, nanos / 1000));
        counts[bucket(micros)]++;
        count++;
        longestMicros = Math.max(longestMicros, micros);
    }

    void add(Latencies other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        count += other.count;
        longestMicros = Math.max(longestMicros, other.longestMicros);
    }

    /** How many values there are. */
    public long count() {
        return count;
    }

    /** Milliseconds that this share of the values (0 to 1) does not exceed; 0 when there are none. */
    public double millis(double share) {
        long wanted = Math.max(1, (long) Math.ceil(share * count));
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= wanted) {
                return Math.min(longestMicros, highest(i)) / 1000.0;
            }
        }
        return 0;
    }

    double longestMillis() {
        return longestMicros / 1000.0;
    }

    private static int bucket(long micros) {
        int shift = Math.max(0, 63 - Long.numberOfLeadingZeros(micros | 1) - BITS);
        return (int) (((long) HALF * shift) + (micros >> shift));
    }

    private static long highest(int bucket) {
        int shift = Math.max(0, bucket / HALF - 1);
        return ((bucket - (long) HALF * shift + 1) << shift) - 1;
    }
}
