package ai.materi.collab.history;

import ai.materi.platform.call.Principal;
import java.util.UUID;

/**
 * Somebody who writes in documents.
 *
 * @param agent whether it is a program with an identity of its own
 */
public record Author(UUID id, String name, boolean agent) {
    public static Author of(Principal principal) {
        return new Author(principal.userId(), principal.name(), principal.agent());
    }
}
