package ai.materi.gateway.document;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.UUID;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Which documents to list, newest first.
 *
 * @param workspaceId null for all workspaces
 * @param parentId null for any place in the tree
 * @param top only documents without a parent
 * @param trashed the trash instead
 * @param title a part of the title, in any case; null for any
 */
record ListQuery(
        @Nullable UUID workspaceId,
        @Nullable UUID parentId,
        boolean top,
        boolean trashed,
        @Nullable String title,
        Position after,
        int limit) {
    static final int DEFAULT_LIMIT = 50;

    /** Identifies the filters, so that a cursor is not used with others. */
    int filters() {
        CRC32 crc = new CRC32();
        String text =
                workspaceId + "|" + parentId + "|" + top + "|" + trashed + "|" + Objects.requireNonNullElse(title, "");
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return (int) crc.getValue();
    }

    ListQuery after(Position position) {
        return new ListQuery(workspaceId, parentId, top, trashed, title, position, limit);
    }
}
