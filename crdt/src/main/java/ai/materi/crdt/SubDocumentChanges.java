package ai.materi.crdt;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a transaction does to sub-documents, as it comes about. */
final class SubDocumentChanges {
    final Set<SubDocument> loaded = new LinkedHashSet<>(2);
    final Set<SubDocument> added = new LinkedHashSet<>(2);
    final Set<SubDocument> removed = new LinkedHashSet<>(2);

    /** How many of the transaction's deletions were looked at. */
    int deletionsSeen;

    boolean isEmpty() {
        return loaded.isEmpty() && added.isEmpty() && removed.isEmpty();
    }

    /** As if it had not come. */
    void forget(@Nullable SubDocument sub) {
        added.remove(sub);
        loaded.remove(sub);
    }

    SubDocumentsEvent event(Transaction tx) {
        return new SubDocumentsEvent(
                Collections.unmodifiableSet(loaded),
                Collections.unmodifiableSet(added),
                Collections.unmodifiableSet(removed),
                tx);
    }
}
