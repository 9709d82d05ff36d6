package ai.materi.platform.access;

import io.vertx.core.Future;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * News that somebody may no longer (or may now) do something, carried by Redis to every node within a second. After a gap
 * in the subscription every listener is told to check everything again.
 */
public final class AccessFeed {
    /**
     * What changed. Null means "any": {@code (workspace, null, user)} is a membership, {@code (workspace, document, null)}
     * the state of a document, all null a gap after which everything has to be checked again.
     */
    public record Change(
            @Nullable UUID workspaceId,
            @Nullable UUID documentId,
            @Nullable UUID userId) {}

    public void onSessionRevoked(Consumer<UUID> sessionId) {
        throw new UnsupportedOperationException();
    }

    public void onChange(Consumer<Change> change) {
        throw new UnsupportedOperationException();
    }

    /** Called by Shield after its commit. */
    public Future<Void> publishRevocation(UUID sessionId) {
        throw new UnsupportedOperationException();
    }

    /** Called by Shield after its commit. */
    public Future<Void> publishChange(Change change) {
        throw new UnsupportedOperationException();
    }
}
