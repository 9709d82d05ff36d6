package ai.materi.gateway.bench.collab;

import ai.materi.gateway.bench.Latencies;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Calls each of many once a period, each at its own moment of it. One interval for each would not do: those that were late together
 * once would stay together from then on.
 */
final class Beats {
    private record Beat(long phase, Runnable action) {}

    private final long period;
    private final RandomGenerator random;
    private final List<Beat> beats = new ArrayList<>();
    private long began;
    private long next;

    /** @param period in nanoseconds */
    Beats(long period, RandomGenerator random) {
        this.period = period;
        this.random = random;
    }

    void add(Runnable action) {
        beats.add(new Beat(random.nextLong(period), action));
    }

    void start(long now) {
        beats.sort(Comparator.comparingLong(Beat::phase));
        began = now;
        next = 0;
    }

    /**
     * Calls all that are due, and notes how late each of them is.
     *
     * @return when the next one is due
     */
    long turn(long now, Latencies late) {
        if (beats.isEmpty()) {
            return Long.MAX_VALUE;
        }
        for (; due() - now <= 0; next++) {
            late.record(System.nanoTime() - due());
            beat().action().run();
        }
        return due();
    }

    private Beat beat() {
        return beats.get((int) (next % beats.size()));
    }

    private long due() {
        return began + next / beats.size() * period + beat().phase();
    }
}
