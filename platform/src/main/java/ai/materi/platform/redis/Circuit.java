package ai.materi.platform.redis;

import java.util.concurrent.atomic.AtomicInteger;

/** Closed while calls succeed; open after so many failures in a row, until a trial succeeds. */
final class Circuit {
    private final int tolerated;
    private final AtomicInteger failures = new AtomicInteger();

    Circuit(int tolerated) {
        this.tolerated = tolerated;
    }

    boolean open() {
        return failures.get() >= tolerated;
    }

    void succeeded() {
        if (failures.get() != 0) {
            failures.set(0);
        }
    }

    /** True for the failure that opens it. */
    boolean failed() {
        return failures.incrementAndGet() == tolerated;
    }

    /** Opens it at once. */
    void trip() {
        failures.set(tolerated);
    }
}
