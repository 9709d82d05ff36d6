package ai.materi.collab.access;

import java.util.UUID;

/** That somebody may open a document. */
public record Admission(UUID documentId, UUID workspaceId, boolean writes) {}
