package ai.materi.collab.room;

import ai.materi.platform.call.Principal;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One peer's place in one room. Touched on the room's loop only. */
public final class Seat {
    private static final int LATER = 10_000;
    private static final long LATER_BYTES = 32L << 20;

    private final Peer peer;
    private final Set<Long> clientIds = new HashSet<>();
    private boolean writes;
    private boolean taken = true;
    private boolean wrote;
    private int waits;
    private int answers;
    private final ArrayDeque<Later> later = new ArrayDeque<>(0);
    private long laterBytes;
    private boolean busy;

    private record Later(Runnable action, int bytes) {}

    Seat(Peer peer, boolean writes) {
        this.peer = peer;
        this.writes = writes;
    }

    public Principal principal() {
        return peer.principal();
    }

    public @Nullable String token() {
        return peer.token();
    }

    Peer peer() {
        return peer;
    }

    public boolean writes() {
        return writes;
    }

    void writes(boolean may) {
        writes = may;
    }

    /** True once: for the first edit. */
    boolean isFirstEdit() {
        boolean first = !wrote;
        wrote = true;
        return first;
    }

    /** Whether the peer is still in the room. */
    public boolean taken() {
        return taken;
    }

    void free() {
        taken = false;
        later.clear();
    }

    /** Yjs client ids that this socket used in its presence. */
    Set<Long> clientIds() {
        return clientIds;
    }

    /** How much of what this peer asked for waits for a commit. */
    int waits() {
        return waits;
    }

    void waits(int more) {
        waits += more;
    }

    /** Something that it asked for takes several turns; what it asks for after it waits. */
    void begin() {
        busy = true;
    }

    boolean busy() {
        return busy;
    }

    /**
     * Keeps an action until the peer's turn comes.
     *
     * @param bytes that it holds
     * @return false when too much waits
     */
    boolean later(Runnable action, int bytes) {
        if (laterBytes + bytes > LATER_BYTES || later.size() >= LATER) {
            return false;
        }
        laterBytes += bytes;
        return later.add(new Later(action, bytes));
    }

    /** It is done: what waits goes on, until something takes several turns again. */
    void finish() {
        busy = false;
        while (!busy && taken && !later.isEmpty()) {
            Later next = later.remove();
            laterBytes -= next.bytes();
            next.action().run();
        }
    }

    /** How many of its questions are being answered. */
    int answers() {
        return answers;
    }

    void answers(int more) {
        answers += more;
    }
}
