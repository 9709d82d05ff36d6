package ai.materi.collab.log;

import java.util.UUID;

/** A Yjs client id that a user's authenticated socket used in its presence. */
public record Claim(UUID documentId, long clientId, UUID userId) {}
