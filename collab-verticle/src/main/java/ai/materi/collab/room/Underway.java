package ai.materi.collab.room;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What somebody said to rooms that have not worked on it yet. Beyond a number of messages, or of bytes, no more is read, until
 * the rooms have worked on half of that: a room that stands still fills no memory. Touched on its loop only, but for
 * {@link #done}.
 */
public final class Underway {
    private static final int MESSAGES = 512;

    private final int bound;
    private final Loop loop;
    private final Runnable pause;
    private final Runnable resume;
    private final AtomicInteger messages = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private boolean busy;

    /**
     * @param bound in bytes; one message may go beyond it
     * @param pause is called on the loop, as {@code resume} is, by turns
     */
    public Underway(int bound, Loop loop, Runnable pause, Runnable resume) {
        this.bound = bound;
        this.loop = loop;
        this.pause = pause;
        this.resume = resume;
    }

    /** A message goes to a room. {@link #done} is to follow, with as many bytes, when it was worked on. */
    public void begin(int size) {
        boolean many = messages.incrementAndGet() >= MESSAGES;
        boolean much = bytes.addAndGet(size) >= bound;
        if ((many || much) && !busy) {
            busy = true;
            pause.run();
        }
    }

    /** May be called on any thread. */
    public void done(int size) {
        boolean fewer = messages.decrementAndGet() == MESSAGES / 2;
        long left = bytes.addAndGet(-size);
        boolean less = left <= bound / 2 && left + size > bound / 2;
        if (fewer || less) {
            loop.post(this::look);
        }
    }

    /** Whether nothing more is to be read now. */
    public boolean isBusy() {
        return busy;
    }

    private void look() {
        if (busy && messages.get() <= MESSAGES / 2 && bytes.get() <= bound / 2) {
            busy = false;
            resume.run();
        }
    }
}
