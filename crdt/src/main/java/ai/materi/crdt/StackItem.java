package ai.materi.crdt;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One step of an {@link UndoManager}: what was inserted and deleted, and what its owner remembers with it. */
public final class StackItem {
    private final Map<Object, @Nullable Object> meta = new HashMap<>(0);
    private DeleteLog insertions;
    private DeleteLog deletions;

    StackItem(DeleteLog insertions, DeleteLog deletions) {
        this.insertions = insertions;
        this.deletions = deletions;
    }

    /** For the owner to write to: where the selection was, say. */
    public Map<Object, @Nullable Object> meta() {
        return meta;
    }

    DeleteLog insertions() {
        return insertions;
    }

    DeleteLog deletions() {
        return deletions;
    }

    void append(DeleteLog moreInsertions, DeleteLog moreDeletions) {
        deletions = DeleteLog.union(deletions, moreDeletions);
        insertions = DeleteLog.union(insertions, moreInsertions);
    }
}
