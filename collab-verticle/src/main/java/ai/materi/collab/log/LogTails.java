package ai.materi.collab.log;

import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

/**
 * How much the logs of the live documents hold behind their snapshots, as loading, flushing or folding last told. Whatever
 * another node wrote since is known with the next of these. May be called on any thread.
 */
public final class LogTails {
    /** Of a document that is not live, and of a log that was folded whole. */
    private static final Tail NONE = new Tail(0, 0);

    private final ConcurrentHashMap<UUID, Tail> tails = new ConcurrentHashMap<>();

    public record Tail(long rows, long bytes) {}

    /** A document became live. */
    public void opened(UUID documentId, Tail tail) {
        tails.put(documentId, tail);
    }

    public void closed(UUID documentId) {
        tails.remove(documentId);
    }

    public void grown(UUID documentId, Tail tail) {
        tails.computeIfPresent(documentId, (id, before) -> tail);
    }

    /** So much went into the snapshot. */
    void folded(UUID documentId, Tail gone) {
        tails.computeIfPresent(
                documentId,
                (id, before) ->
                        new Tail(Math.max(0, before.rows() - gone.rows()), Math.max(0, before.bytes() - gone.bytes())));
    }

    public Tail of(UUID documentId) {
        return tails.getOrDefault(documentId, NONE);
    }

    /** Of all of them together. */
    long sum(ToLongFunction<Tail> part) {
        return tails.values().stream().mapToLong(part).sum();
    }
}
