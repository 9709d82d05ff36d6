package ai.materi.collab.log;

/** Whoever appends to the log; called on an event loop of the log's, once a flush, in the order of what was appended. */
public interface Appender {
    /** The oldest {@code count} entries that were not told of yet are committed, numbered from {@code firstSeq} on. */
    void committed(long firstSeq, int count);

    /** The oldest {@code count} entries will never be committed. */
    void lost(int count, Throwable cause);
}
