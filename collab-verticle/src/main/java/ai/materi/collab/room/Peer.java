package ai.materi.collab.room;

import ai.materi.collab.frame.SharedFrame;
import ai.materi.collab.frame.SharedState;
import ai.materi.platform.call.Principal;
import org.jspecify.annotations.Nullable;

/** Somebody at a socket who has a document open. All but {@link #loop()} is called on that loop only, in order. */
public interface Peer {
    /** The loop of the socket. */
    Loop loop();

    /** Never changes. */
    Wire wire();

    /** Something that happened in the room. */
    void deliver(SharedFrame frame);

    /** Much of a large document, for a peer that lacks just that. */
    void deliver(SharedState state);

    /** What an application says to everybody there; a wire that has no word for it passes over it. */
    default void say(SharedFrame frame) {}

    /** From now on it may, or may not, write. */
    void scope(boolean writes);

    /** It is in the room no longer. */
    void end(Ending ending);

    /** Who it is. May be called on any thread. */
    Principal principal();

    /** With what Shield can be asked on its behalf; null when there is nothing. May be called on any thread. */
    @Nullable
    String token();
}
