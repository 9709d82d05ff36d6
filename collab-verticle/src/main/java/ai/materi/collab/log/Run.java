package ai.materi.collab.log;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Entries of one document and one appender that stand next to each other in the document's order.
 *
 * @param place of the first one among the document's entries in this batch
 */
record Run(UUID documentId, Appender appender, long place, int count) {
    static List<Run> of(List<LogEntry> batch) {
        Map<UUID, List<Run>> runs = new HashMap<>();
        for (LogEntry entry : batch) {
            add(runs.computeIfAbsent(entry.documentId(), document -> new ArrayList<>()), entry);
        }
        return runs.values().stream().flatMap(List::stream).toList();
    }

    private static void add(List<Run> runs, LogEntry entry) {
        Run last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
        if (last != null && last.appender == entry.appender()) {
            runs.set(runs.size() - 1, new Run(last.documentId, last.appender, last.place, last.count + 1));
        } else {
            long place = last == null ? 0 : last.place + last.count;
            runs.add(new Run(entry.documentId(), entry.appender(), place, 1));
        }
    }
}
