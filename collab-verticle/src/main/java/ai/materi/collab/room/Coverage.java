package ai.materi.collab.room;

import ai.materi.crdt.DeleteSet;
import ai.materi.crdt.Doc;
import ai.materi.crdt.StateVector;
import ai.materi.crdt.UpdateMeta;
import ai.materi.crdt.Updates;
import java.util.List;

/** Whether a document has everything that an update says. */
final class Coverage {
    private Coverage() {}

    static boolean contains(Doc doc, byte[] update) {
        UpdateMeta meta = Updates.meta(update);
        StateVector known = doc.stateVector();
        boolean written = meta.inserted().entrySet().stream()
                .allMatch(
                        entry -> entry.getValue().stream().allMatch(range -> range.end() <= known.get(entry.getKey())));
        return written && (meta.deleted().isEmpty() || contains(doc.deleteSet(), meta.deleted()));
    }

    private static boolean contains(DeleteSet all, DeleteSet some) {
        return some.clients().stream()
                .allMatch(
                        client -> some.ranges(client).stream().allMatch(range -> contains(all.ranges(client), range)));
    }

    private static boolean contains(List<DeleteSet.Range> ranges, DeleteSet.Range wanted) {
        return ranges.stream().anyMatch(range -> range.clock() <= wanted.clock() && range.end() >= wanted.end());
    }
}
