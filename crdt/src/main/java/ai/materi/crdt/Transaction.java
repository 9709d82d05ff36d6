package ai.materi.crdt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A group of changes that are announced as one: what it began from, what it deleted, which types it touched. */
public final class Transaction {
    private final Store store;
    private final @Nullable Object origin;
    private final List<Change> changes = new ArrayList<>(2);
    private final IntMap before = new IntMap();
    private int[] moved = {};
    private int[] movedTo = {};
    private long[] mergeIds = {};
    private int mergeCount;

    final long serial;
    final DeleteLog deletes = new DeleteLog();
    /** The events in and below each type, in the order in which they came about; empty when nobody asks. */
    Map<Branch, List<YEvent>> events = Map.of();

    private @Nullable SubDocumentChanges subDocuments;

    boolean local;
    boolean needsFormattingCleanup;
    /** Its observers were told: what it deleted is no longer there to look at. */
    boolean told;

    /** What changed directly in one type. */
    static final class Change {
        final Branch branch;
        /** The keys of entries that changed, in the order in which they first did; null when none did. */
        @Nullable
        IntMap keys;

        boolean sequence;

        Change(Branch branch) {
            this.branch = branch;
        }
    }

    Transaction(Store store, long serial, @Nullable Object origin, boolean local) {
        this.store = store;
        this.serial = serial;
        this.origin = origin;
        this.local = local;
    }

    /** What the one who began it passed along; null when nothing. */
    public @Nullable Object origin() {
        return origin;
    }

    /** False once a received update was part of it. */
    public boolean isLocal() {
        return local;
    }

    /** The names of the roots in which something changed, directly or in a nested type. */
    public Set<String> changedRoots() {
        Set<String> names = new LinkedHashSet<>();
        for (Branch branch : changedTypes()) {
            String name = store.rootOf(branch).rootName;
            if (name != null) {
                names.add(name);
            }
        }
        return names;
    }

    /** The types, present before and after, whose own sequence or entries changed. */
    List<Branch> changedTypes() {
        List<Branch> out = new ArrayList<>(changes.size());
        for (Change change : changes) {
            if (!store.isGone(change.branch)) {
                out.add(change.branch);
            }
        }
        return out;
    }

    /** What changed, type by type, in the order in which they first did; types that are gone meanwhile included. */
    List<Change> changes() {
        return changes;
    }

    /** Must be told before a client's state moves for the first time. */
    void note(int client, int state) {
        if (before.find(client) < 0) {
            before.put(client, state);
        }
    }

    int stateBefore(int client) {
        return before.get(client, store.clients.at(client).state);
    }

    /** Ends what counts as its own: observers that begin others may still move clients. */
    void seal() {
        moved = touchedClients();
        Arrays.sort(moved);
        movedTo = new int[moved.length];
        for (int m = 0; m < moved.length; m++) {
            movedTo[m] = store.clients.at(moved[m]).state;
        }
    }

    /** How many clients moved until it was sealed. */
    int movedCount() {
        return moved.length;
    }

    /** The clients that moved, in the order in which the document came to know them. */
    int movedClient(int m) {
        return moved[m];
    }

    int movedFrom(int m) {
        return stateBefore(moved[m]);
    }

    int movedTo(int m) {
        return movedTo[m];
    }

    boolean moved(int client) {
        return Arrays.binarySearch(moved, client) >= 0;
    }

    /** The clients whose states moved, those moved by its observers included. */
    int[] touchedClients() {
        int[] out = new int[before.size()];
        for (int m = 0; m < out.length; m++) {
            out[m] = before.keyAt(m);
        }
        return out;
    }

    boolean hasContent() {
        return !deletes.isEmpty() || moved.length > 0;
    }

    boolean existedBefore(long id) {
        return Items.clock(id) < stateBefore(Items.client(id));
    }

    /** An entry of the type changed, or its sequence when there is no key. */
    void change(Branch branch, int key) {
        Change change = branch.change;
        if (branch.changedIn != serial || change == null) {
            int item = branch.item;
            if (!branch.isRoot() && (!existedBefore(store.items.id[item]) || store.items.isDeleted(item))) {
                return;
            }
            change = new Change(branch);
            branch.changedIn = serial;
            branch.change = change;
            changes.add(change);
        }
        if (key == Items.NONE) {
            change.sequence = true;
            return;
        }
        if (change.keys == null) {
            change.keys = new IntMap();
        }
        change.keys.put(key, 0);
    }

    /** What it did to sub-documents so far. */
    SubDocumentChanges subDocuments() {
        SubDocumentChanges known = subDocuments;
        if (known == null) {
            known = new SubDocumentChanges();
            subDocuments = known;
        }
        return known;
    }

    boolean touchesSubDocuments() {
        return subDocuments != null && !subDocuments.isEmpty();
    }

    /** Forgets the remembered positions in the sequences that changed. */
    void forgetPositions() {
        for (Change change : changes) {
            Markers markers = change.branch.markers;
            if (change.sequence && markers != null && !store.isGone(change.branch)) {
                markers.clear();
            }
        }
    }

    /** Remembers an item that may merge with its neighbours at the end. */
    void mergeLater(long id) {
        if (mergeCount == mergeIds.length) {
            mergeIds = Arrays.copyOf(mergeIds, Math.max(8, mergeCount * 2));
        }
        mergeIds[mergeCount++] = id;
    }

    int mergeCount() {
        return mergeCount;
    }

    long mergeId(int i) {
        return mergeIds[i];
    }
}
