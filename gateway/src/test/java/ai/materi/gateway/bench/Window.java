package ai.materi.gateway.bench;

import java.util.concurrent.TimeUnit;

/**
 * When a measurement begins, counts and ends.
 *
 * @param begin in {@link System#nanoTime()}, as the others
 * @param from requests before it are warm-up
 * @param to requests from here on are not made
 */
record Window(long begin, long from, long to) {
    static Window startingNow(double warmUpSeconds, double seconds) {
        long begin = System.nanoTime();
        long from = begin + nanos(warmUpSeconds);
        return new Window(begin, from, from + nanos(seconds));
    }

    boolean counts(long at) {
        return at - from >= 0 && at - to < 0;
    }

    boolean isOver() {
        return System.nanoTime() - to >= 0;
    }

    double seconds() {
        return (to - from) / 1e9;
    }

    private static long nanos(double seconds) {
        return (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    }
}
