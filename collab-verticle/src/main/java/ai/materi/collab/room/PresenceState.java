package ai.materi.collab.room;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one node tells another of a client's presence.
 *
 * @param json the state with the identity that the node has written into it; null when the client has left
 * @param user whose socket holds it; null when the node itself does, e.g. for an agent
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record PresenceState(
        long clientId,
        long clock,
        byte @Nullable [] json,
        @Nullable UUID user) {}
