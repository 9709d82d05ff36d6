package ai.materi.gateway.chaos;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting for something with a deadline. */
final class Patience {
    private static final long PAUSE_NANOS = 10_000_000;

    private Patience() {}

    /** Whether it came to hold in time. */
    static boolean sees(Duration limit, BooleanSupplier condition) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return true;
    }

    /** Fails when it does not come to hold within a minute. */
    static void until(String what, BooleanSupplier condition) {
        if (!sees(Duration.ofSeconds(60), condition)) {
            throw new IllegalStateException("not within a minute: " + what);
        }
    }

    /** Lets time pass in which the fault is there; nothing is waited for. */
    static void last(Duration time) {
        sees(time, () -> false);
    }
}
