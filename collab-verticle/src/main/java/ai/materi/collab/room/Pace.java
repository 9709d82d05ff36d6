package ai.materi.collab.room;

import java.time.Duration;

/**
 * When presence goes out, and how much of it at a time. A small room hears of a change within one tick. The more receivers
 * a room has the longer the tick, so that their messages together stay under one rate; and no receiver is sent more bytes a
 * second than it can be expected to read. What does not fit waits, and only its newest state goes out then.
 */
final class Pace {
    private final long tickNanos;
    private final long messagesPerSecond;
    private final long bytesPerSecond;
    private long freeAt = System.nanoTime();

    Pace(Duration tick, int messagesPerSecond, int bytesPerSecond) {
        this.tickNanos = tick.toNanos();
        this.messagesPerSecond = messagesPerSecond;
        this.bytesPerSecond = bytesPerSecond;
    }

    /** Milliseconds until the next message is due in a room of so many receivers, at least one. */
    long delayMs(int receivers, long now) {
        long wait = Math.max(tickNanos(receivers), freeAt - now);
        return Math.max(1, Duration.ofNanos(wait).toMillis());
    }

    /** Bytes of states that one message should hold. */
    int portion(int receivers) {
        return (int) Math.min(
                Integer.MAX_VALUE,
                Math.max(
                        1,
                        tickNanos(receivers)
                                * bytesPerSecond
                                / Duration.ofSeconds(1).toNanos()));
    }

    /** A message of so many bytes has gone out. */
    void sent(int bytes, long now) {
        freeAt = now + bytes * Duration.ofSeconds(1).toNanos() / bytesPerSecond;
    }

    private long tickNanos(int receivers) {
        return Math.max(tickNanos, receivers * Duration.ofSeconds(1).toNanos() / messagesPerSecond);
    }
}
