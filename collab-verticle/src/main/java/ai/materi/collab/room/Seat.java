package ai.materi.collab.room;

import ai.materi.platform.call.Principal;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One peer's place in one room. Touched on the room's loop only. */
public final class Seat {
    private final Peer peer;
    private final Set<Long> clientIds = new HashSet<>();
    private boolean writes;
    private boolean taken = true;
    private boolean wrote;
    private int waits;

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

    /** Once, with the first edit: true. */
    boolean begins() {
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
}
