package ai.materi.gateway.document;

import java.util.UUID;

/**
 * A document's metadata as the database rendered it.
 *
 * @param version grows with every change; the entity tag is made of it
 * @param json the document as the REST interface shows it
 */
record StoredDocument(long version, UUID workspaceId, String json) {
    /** Without quotes. */
    String etag() {
        return "d" + version;
    }
}
