package ai.materi.gateway.document;

import com.google.protobuf.ByteString;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A document that somebody wants to have.
 *
 * @param id chosen beforehand; the same one when the request is carried out again
 * @param workspace id or slug
 * @param content null for none
 */
record NewDocument(
        UUID id,
        String workspace,
        String title,
        @Nullable UUID parentId,
        ContentFormat format,
        @Nullable ByteString content) {
    static final int MAX_TITLE = 300;
}
