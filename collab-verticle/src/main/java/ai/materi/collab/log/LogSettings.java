package ai.materi.collab.log;

import ai.materi.platform.config.Settings;
import java.time.Duration;

/**
 * Section {@code collab.log}.
 *
 * @param queueEntries updates that may wait for their commit; over it new edits are refused
 * @param queueBytes the same in bytes
 * @param batchEntries updates a flush
 * @param batchBytes the same in bytes
 * @param flushGather from the start of one flush to the start of the next, at most, while there are many edits
 * @param flushOverlap after which the next flush no longer waits for the one under way
 * @param flushTimeout after which a flush counts as failed and is tried again
 * @param overdue after which an uncommitted flush says that the log does not keep up
 * @param compactRows rows of one document after its snapshot that call the compactor
 * @param compactBytes the same in bytes
 */
public record LogSettings(
        int queueEntries,
        int queueBytes,
        int batchEntries,
        int batchBytes,
        Duration flushGather,
        Duration flushOverlap,
        Duration flushTimeout,
        Duration overdue,
        int compactRows,
        int compactBytes) {

    public static LogSettings of(Settings log) {
        return new LogSettings(
                log.integer("queue_entries", 100, 10_000_000),
                log.bytes("queue_bytes"),
                log.integer("batch_entries", 1, 50_000),
                log.bytes("batch_bytes"),
                log.duration("flush_gather"),
                log.duration("flush_overlap"),
                log.duration("flush_timeout"),
                log.duration("overdue"),
                log.integer("compact_rows", 2, 1_000_000),
                log.bytes("compact_bytes"));
    }
}
