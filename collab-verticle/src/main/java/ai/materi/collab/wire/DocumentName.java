package ai.materi.collab.wire;

import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A document's name on the wire: its id, and on the Hocuspocus wire perhaps the provider's session behind a NUL. */
final class DocumentName {
    private static final Pattern CANONICAL =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private DocumentName() {}

    /** Null when it names no document. */
    static @Nullable UUID parse(String name) {
        int session = name.indexOf('\0');
        String id = session < 0 ? name : name.substring(0, session);
        return CANONICAL.matcher(id).matches() ? UUID.fromString(id) : null;
    }
}
