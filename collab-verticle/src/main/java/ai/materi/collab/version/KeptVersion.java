package ai.materi.collab.version;

import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A state of a document that is kept, without the state.
 *
 * @param name null for one that was kept by itself
 * @param seq the sequence number up to which it holds everything
 * @param size bytes of its state, unpacked
 * @param author whose call made it; null when none did
 */
public record KeptVersion(
        UUID documentId,
        UUID id,
        @Nullable String name,
        int generation,
        long seq,
        long size,
        @Nullable UUID author,
        OffsetDateTime createdAt) {}
