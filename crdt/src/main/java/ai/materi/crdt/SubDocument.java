package ai.materi.crdt;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A document named inside another. Its content is no part of this one: it is carried, not opened.
 *
 * @param guid the name under which it is found
 * @param options what yjs stores beside it ({@code gc}, {@code autoLoad}, {@code meta}), as received
 */
public record SubDocument(String guid, Map<String, @Nullable Object> options) {}
