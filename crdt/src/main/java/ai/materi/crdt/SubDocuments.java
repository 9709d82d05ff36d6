package ai.materi.crdt;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The sub-documents of one document, by the ids of the items that hold them, and who is told what becomes of them. */
final class SubDocuments {
    private final Doc doc;
    private final Store store;
    private final Items items;
    private final Map<Long, SubDocument> byItem = new LinkedHashMap<>(0);
    private final List<Consumer<SubDocumentsEvent>> listeners = new ArrayList<>(0);

    SubDocuments(Doc doc, Store store) {
        this.doc = doc;
        this.store = store;
        this.items = store.items;
    }

    Set<SubDocument> all() {
        return Collections.unmodifiableSet(new LinkedHashSet<>(byItem.values()));
    }

    /** What an item holds; an instance of nobody's when the item is out of the document. */
    SubDocument at(int item) {
        SubDocument known = byItem.get(items.id[item]);
        return known != null ? known : SubDocument.read(store.arena.reader(items.at[item], items.size(item)));
    }

    /** An item came that holds it. */
    void add(Transaction tx, long item, SubDocument sub) {
        place(tx, item, sub);
        if (sub.shouldLoad()) {
            tx.subDocuments().loaded.add(sub);
        }
    }

    private void place(Transaction tx, long item, SubDocument sub) {
        byItem.put(item, sub);
        sub.hold(doc, item);
        tx.subDocuments().added.add(sub);
    }

    /**
     * Ties what was inserted here to the items that hold it.
     *
     * @param from the clock of this client before the insertion
     * @param inserted in the order of the insertion, without those inside inserted types, which are tied already
     */
    void adopt(Transaction tx, int from, List<SubDocument> inserted) {
        Client author = store.clients.at(store.clients.findOrAdd(doc.clientId()));
        Iterator<SubDocument> next = inserted.iterator();
        for (int p = author.find(items, from); p < author.size(); p++) {
            int item = author.get(p);
            if (items.kind(item) == Items.DOC) {
                SubDocument tied = byItem.remove(items.id[item]);
                // What is tied already comes again, so that the order is that of the items.
                tx.subDocuments().forget(tied);
                add(tx, items.id[item], tied == null ? next.next() : tied);
            }
        }
    }

    /** Notes what a transaction deleted since it was last asked; its deletions must be in the order in which they came. */
    void noteDeletions(Transaction tx) {
        if (byItem.isEmpty()) {
            return;
        }
        DeleteLog log = tx.deletes;
        SubDocumentChanges changes = tx.subDocuments();
        while (changes.deletionsSeen < log.size) {
            int d = changes.deletionsSeen++;
            Client client = store.clients.at(Items.client(log.from[d]));
            long end = log.from[d] + log.len[d];
            for (int p = client.find(items, Items.clock(log.from[d])); p < client.size(); p++) {
                int item = client.get(p);
                if (items.id[item] >= end) {
                    break;
                }
                noteDeletion(tx, item);
            }
        }
    }

    private void noteDeletion(Transaction tx, int item) {
        SubDocument sub = items.kind(item) == Items.DOC ? byItem.get(items.id[item]) : null;
        if (sub == null) {
            return;
        }
        if (tx.subDocuments().added.remove(sub)) {
            byItem.remove(sub.item(), sub);
        } else {
            tx.subDocuments().removed.add(sub);
        }
    }

    /** One that is being destroyed gives way to another instance, or to nothing when its item was deleted. */
    void replace(Transaction tx, SubDocument sub) {
        noteDeletions(tx);
        tx.subDocuments().removed.add(sub);
        byItem.remove(sub.item(), sub);
        int item = store.find(sub.item());
        if (items.kind(item) == Items.DOC && !items.isDeleted(item)) {
            place(tx, sub.item(), sub.again());
        }
    }

    /** Tells what a transaction did, and destroys what it removed. */
    void announce(Transaction tx) {
        if (!tx.touchesSubDocuments()) {
            return;
        }
        SubDocumentChanges changes = tx.subDocuments();
        changes.added.forEach(sub -> sub.join(doc));
        changes.removed.forEach(sub -> byItem.remove(sub.item(), sub));
        SubDocumentsEvent event = changes.event(tx);
        RuntimeException failure = null;
        for (Consumer<SubDocumentsEvent> listener : List.copyOf(listeners)) {
            failure = Doc.guarded(failure, () -> listener.accept(event));
        }
        for (SubDocument sub : changes.removed) {
            failure = Doc.guarded(failure, sub::destroy);
        }
        if (failure != null) {
            throw failure;
        }
    }

    Registration listen(Consumer<SubDocumentsEvent> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    void forgetListeners() {
        listeners.clear();
    }

    /** The sub-documents among some values. */
    static List<SubDocument> among(List<? extends @Nullable Object> values) {
        List<SubDocument> found = new ArrayList<>(0);
        for (Object value : values) {
            if (value instanceof SubDocument sub) {
                found.add(sub);
            }
        }
        return found;
    }
}
