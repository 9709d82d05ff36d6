package ai.materi.gateway.bench.collab;

import ai.materi.gateway.bench.Latencies;

/** What editors note. Counts what was sent from {@link #begin} to {@link #end}, whenever it arrives. */
final class Measures {
    final Latencies edits = new Latencies();
    final Latencies acknowledgements = new Latencies();
    final Latencies presence = new Latencies();
    private long sent;
    private long due;
    private int closed;
    private long from = Long.MAX_VALUE;
    private long to = Long.MAX_VALUE;

    void begin(long now) {
        from = now;
    }

    void end(long now) {
        to = now;
    }

    /** An edit was sent that so many others are to see. */
    void sent(long now, int others) {
        if (counts(now)) {
            sent++;
            due += others;
        }
    }

    /** Something that was sent at a moment has arrived. */
    void arrived(Latencies kind, long sent, long now) {
        if (counts(sent)) {
            kind.record(now - sent);
        }
    }

    void closed() {
        closed++;
    }

    /** Whether every edit that counts was seen by all and acknowledged. */
    boolean complete() {
        return edits.count() >= due && unacknowledged() <= 0;
    }

    long due() {
        return due;
    }

    long unacknowledged() {
        return sent - acknowledgements.count();
    }

    int closedSockets() {
        return closed;
    }

    /** Plain comparison holds: on Linux a moment is how long the machine has been up. */
    private boolean counts(long sent) {
        return sent >= from && sent < to;
    }
}
