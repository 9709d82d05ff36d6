package ai.materi.collab.log;

import java.util.List;

/**
 * What is written down of who wrote and deleted what in a document.
 *
 * @param folded of rows that have left the log, in no order
 * @param rows that stand in the log, in order; all of them are later
 */
public record Recorded(List<Attributed> folded, List<LogRow> rows) {}
