package ai.materi.collab.service;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What was served to readers of this node, so that one of them can name it as the base of a merge. Bounded by age and by
 * bytes; the least used goes first.
 */
final class Renderings {
    private static final int OVERHEAD = 128;

    private record Key(UUID documentId, Etag etag) {}

    private final Cache<Key, byte[]> kept;

    Renderings(ServiceSettings settings) {
        this.kept = Caffeine.newBuilder()
                .expireAfterAccess(settings.renderingsKept())
                .maximumWeight(settings.renderingsBytes())
                .weigher((Key key, byte[] content) -> content.length + OVERHEAD)
                .build();
    }

    byte @Nullable [] get(UUID documentId, Etag etag) {
        return kept.getIfPresent(new Key(documentId, etag));
    }

    void keep(UUID documentId, Etag etag, byte[] content) {
        kept.put(new Key(documentId, etag), content);
    }
}
