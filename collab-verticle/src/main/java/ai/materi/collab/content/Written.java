package ai.materi.collab.content;

import ai.materi.proto.collab.v1.Authored;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * By whom something was written or deleted, and when it was committed.
 *
 * @param via who brought it, or on whose behalf an agent wrote; null when that was nobody else
 */
public record Written(UUID author, @Nullable UUID via, OffsetDateTime at) {
    static boolean sameOrigin(@Nullable Written a, @Nullable Written b) {
        if (a == null || b == null) {
            return a == null && b == null;
        }
        return a.author.equals(b.author) && Objects.equals(a.via, b.via);
    }

    static @Nullable Written later(@Nullable Written a, @Nullable Written b) {
        return a == null || (b != null && b.at.isAfter(a.at)) ? b : a;
    }

    Authored message() {
        return Authored.newBuilder()
                .setAuthorId(author.toString())
                .setViaId(via == null ? "" : via.toString())
                .setAt(at.toInstant().toString())
                .build();
    }
}
