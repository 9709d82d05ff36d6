package ai.materi.collab.document;

import java.util.UUID;

/** That somebody may open a document. */
public record Admission(DocumentName name, UUID workspaceId, boolean writes) {
    /** Under which the document has its log and its room. */
    public UUID documentId() {
        return name.id();
    }
}
