package ai.materi.collab.room;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Who is told of what the log has of a document. */
final class Followers {
    private final Set<Consumer<CommittedUpdate>> followers = new LinkedHashSet<>();

    void add(Consumer<CommittedUpdate> follower) {
        followers.add(follower);
    }

    /** Whether it was there. */
    boolean remove(Consumer<CommittedUpdate> follower) {
        return followers.remove(follower);
    }

    void tell(CommittedUpdate update) {
        followers.forEach(follower -> follower.accept(update));
    }

    void tell(List<CommittedUpdate> updates) {
        followers.forEach(follower -> updates.forEach(follower));
    }
}
