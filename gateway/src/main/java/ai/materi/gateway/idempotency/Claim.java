package ai.materi.gateway.idempotency;

import java.util.UUID;

/** What a key turned out to be. */
public sealed interface Claim {
    /**
     * Nobody has finished this request: carry it out.
     *
     * @param resourceId the id for what the request creates; the same one after a crash, so that a second attempt finishes
     *     the first instead of doubling it
     */
    record Fresh(UUID resourceId) implements Claim {}

    /** It was carried out: answer this again. */
    record Answered(StoredAnswer answer) implements Claim {}
}
