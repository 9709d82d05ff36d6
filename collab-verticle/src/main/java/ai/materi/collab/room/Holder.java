package ai.materi.collab.room;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Who speaks for a state of presence. */
sealed interface Holder {
    /** Whether it is this node that tells the others of it. */
    default boolean isHere() {
        return true;
    }

    /** Whether its client id may come back at another socket of this user: the old one may not have been missed yet. */
    boolean yieldsTo(UUID user);

    /** A socket of this node. */
    record Socket(Seat seat) implements Holder {
        @Override
        public boolean yieldsTo(UUID user) {
            return seat.principal().userId().equals(user);
        }
    }

    /** The server itself, e.g. for an agent. */
    record Server() implements Holder {
        @Override
        public boolean yieldsTo(UUID user) {
            return false;
        }
    }

    /** Another node. */
    record Elsewhere(String node, @Nullable UUID user) implements Holder {
        @Override
        public boolean isHere() {
            return false;
        }

        @Override
        public boolean yieldsTo(UUID other) {
            return other.equals(user);
        }
    }
}
