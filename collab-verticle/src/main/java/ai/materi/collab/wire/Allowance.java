package ai.materi.collab.wire;

import java.util.concurrent.TimeUnit;

/** A token bucket: so many edits a second, and so many at once after a pause. */
final class Allowance {
    private static final double SECOND = TimeUnit.SECONDS.toNanos(1);
    /** A client that is too fast stops for at least this long, so that it costs few timers. */
    private static final long SHORTEST_PAUSE_MS = 100;

    private final int perSecond;
    private final int burst;
    private double left;
    private long at;

    Allowance(int perSecond, int burst, long now) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.left = burst;
        this.at = now;
    }

    /** Takes one if one is left. */
    boolean takeIfLeft(long now) {
        left = Math.min(burst, left + (now - at) / SECOND * perSecond);
        at = now;
        boolean one = left >= 1;
        left -= one ? 1 : 0;
        return one;
    }

    /**
     * Takes one, whether it is left or not.
     *
     * @param now nanoseconds, of {@link System#nanoTime()}
     * @return milliseconds to wait before the next one; 0 while some are left
     */
    long take(long now) {
        left = Math.min(burst, left + (now - at) / SECOND * perSecond) - 1;
        at = now;
        return left >= 0 ? 0 : Math.max(SHORTEST_PAUSE_MS, (long) Math.ceil(-left * 1_000 / perSecond));
    }
}
