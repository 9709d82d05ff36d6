package ai.materi.platform.postgres;

/** Whether somebody who is asked again and again is there: absent only after more misses in a row than are tolerated. */
final class Pulse {
    private final int tolerated;
    private volatile int missed;

    Pulse(int tolerated) {
        this.tolerated = tolerated;
    }

    /** One question has come to its end, with an answer or without; on one thread. */
    void felt(boolean answered) {
        missed = answered ? 0 : Math.min(missed, tolerated) + 1;
    }

    boolean present() {
        return missed <= tolerated;
    }
}
