package ai.materi.gateway.document;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is to become of a document's metadata.
 *
 * @param title null leaves it
 * @param move whether it gets another place in the tree
 * @param parentId that place; null is the top
 * @param versions the change is made only at one of these; null for any
 */
record DocumentChange(
        @Nullable String title,
        boolean move,
        @Nullable UUID parentId,
        @Nullable List<Long> versions) {}
