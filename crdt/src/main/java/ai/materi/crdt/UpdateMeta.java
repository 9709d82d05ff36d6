package ai.materi.crdt;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an update says, without its content: which clocks of which client it brings, and what it deletes.
 *
 * @param inserted the ranges of clocks by client, in the order of the update, neighbours joined; holes are left out
 * @param deleted the deleted ranges
 */
public record UpdateMeta(Map<Long, List<DeleteSet.Range>> inserted, DeleteSet deleted) {
    static UpdateMeta of(byte[] update, int budget) {
        StructCursor cursor = new StructCursor(update, budget);
        Map<Long, List<DeleteSet.Range>> inserted = new LinkedHashMap<>();
        while (cursor.next()) {
            if (!cursor.isSkip()) {
                add(inserted.computeIfAbsent(cursor.client, c -> new ArrayList<>(2)), cursor);
            }
        }
        DeleteSet.Builder deleted = new DeleteSet.Builder();
        DeleteRanges.read(cursor.in, cursor.budgetLeft()).addTo(deleted);
        inserted.replaceAll((client, ranges) -> Collections.unmodifiableList(ranges));
        return new UpdateMeta(Collections.unmodifiableMap(inserted), deleted.build(false));
    }

    private static void add(List<DeleteSet.Range> ranges, StructCursor struct) {
        int last = ranges.size() - 1;
        if (last >= 0 && ranges.get(last).end() == struct.clock) {
            DeleteSet.Range before = ranges.get(last);
            ranges.set(last, new DeleteSet.Range(before.clock(), before.length() + struct.len));
        } else {
            ranges.add(new DeleteSet.Range(struct.clock, struct.len));
        }
    }
}
