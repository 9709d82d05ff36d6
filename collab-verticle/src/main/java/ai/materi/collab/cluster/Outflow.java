package ai.materi.collab.cluster;

import java.util.ArrayDeque;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What was sent to one other node and is not acknowledged. The event bus takes whatever it is given and keeps it in memory
 * until the other side reads; so over a bound a message gets its number and is not sent, until half of the bound is free.
 * The other node sees from the next number that it missed something. Touched on the bus's loop; {@link #bytes()} on any.
 */
final class Outflow {
    /** What a small message costs in memory besides its bytes. */
    static final int MESSAGE_COST = 256;

    private static final long STREAMS = 1L << 53;

    private final long stream = ThreadLocalRandom.current().nextLong(1, STREAMS);
    private final ArrayDeque<Sent> unacknowledged = new ArrayDeque<>();
    private final int bound;
    private long last;
    private volatile long bytes;
    private boolean withholding;

    private record Sent(long number, int cost) {}

    Outflow(int bound) {
        this.bound = bound;
    }

    /** Tells this sequence of numbers from any that was before it. */
    long stream() {
        return stream;
    }

    /** The number of the last message, sent or withheld; 0 before the first. */
    long last() {
        return last;
    }

    /** Gives a message its number, {@link #last()}; false when it must not be sent. */
    boolean admit(int length) {
        last++;
        int cost = length + MESSAGE_COST;
        withholding |= bytes + cost > bound;
        if (!withholding) {
            unacknowledged.add(new Sent(last, cost));
            add(cost);
        }
        return !withholding;
    }

    /** Everything up to this number has arrived, or never will. True when messages are sent again from now on. */
    boolean acknowledged(long toStream, long number) {
        if (toStream != stream) {
            return false;
        }
        while (!unacknowledged.isEmpty() && unacknowledged.element().number() <= number) {
            add(-unacknowledged.remove().cost());
        }
        boolean again = withholding && bytes <= bound / 2;
        withholding &= !again;
        return again;
    }

    long bytes() {
        return bytes;
    }

    private void add(int more) {
        long sum = bytes + more;
        bytes = sum;
    }
}
