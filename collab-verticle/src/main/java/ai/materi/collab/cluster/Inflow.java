package ai.materi.collab.cluster;

/**
 * What has come from one other node: up to which number, and when. Messages of one node arrive in the order of their
 * numbers, so a number that is skipped will not come any more. Touched on the bus's loop only.
 */
final class Inflow {
    private long stream;
    private long reached;
    private long heardAt;
    private int unacknowledged;

    /** Notes a message; true when others before it were missed, or may have been. */
    boolean message(long ofStream, long number, int length, long now) {
        unacknowledged += length + Outflow.MESSAGE_COST;
        return heard(ofStream, number, now) > 1;
    }

    /** Notes a heartbeat that says what the last number was; true when anything up to it was missed, or may have been. */
    boolean heartbeat(long ofStream, long last, long now) {
        return heard(ofStream, last, now) > 0;
    }

    /** By how many numbers this is ahead of the last; without a last one, many. */
    private long heard(long ofStream, long number, long now) {
        long ahead = ofStream == stream ? number - reached : Long.MAX_VALUE;
        if (ahead > 0) {
            reached = number;
        }
        stream = ofStream;
        heardAt = now;
        return ahead;
    }

    /** The stream of the last message; 0 when nothing has come, or not since {@link #forget()}. */
    long stream() {
        return stream;
    }

    long reached() {
        return reached;
    }

    boolean isHeard() {
        return stream != 0;
    }

    /** Whether it was heard before, but not within this time. */
    boolean isSilent(long now, long nanos) {
        return isHeard() && now - heardAt > nanos;
    }

    /** Does not count the time until now as silence. */
    void excuse(long now) {
        heardAt = now;
    }

    /** What comes next counts as the first. */
    void forget() {
        stream = 0;
        reached = 0;
    }

    /** Bytes that came since the last acknowledgement. */
    int unacknowledged() {
        return unacknowledged;
    }

    void acknowledge() {
        unacknowledged = 0;
    }
}
