package ai.materi.auth.documents;

import java.util.UUID;

/**
 * A document that Shield knows.
 *
 * @param fresh whether it was made known just now
 */
public record Registered(UUID workspaceId, boolean fresh) {}
