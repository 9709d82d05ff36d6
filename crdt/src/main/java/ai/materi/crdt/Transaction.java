package ai.materi.crdt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A group of changes that are announced as one: what it began from, what it deleted, which types it touched. */
public final class Transaction {
    private final Store store;
    private final @Nullable Object origin;
    private final List<Branch> changed = new ArrayList<>(2);
    private final IntMap before = new IntMap();
    private long[] mergeIds = {};
    private int mergeCount;

    final long serial;
    final DeleteLog deletes = new DeleteLog();
    private int sealed;
    boolean local;
    boolean needsFormattingCleanup;

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
        List<Branch> out = new ArrayList<>(changed.size());
        for (Branch branch : changed) {
            if (branch.changedIn == serial && !store.isGone(branch)) {
                out.add(branch);
            }
        }
        return out;
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
        sealed = before.size();
    }

    /** How many clients moved until it was sealed. */
    int movedCount() {
        return sealed;
    }

    int movedClient(int m) {
        return before.keyAt(m);
    }

    int movedFrom(int m) {
        return before.valueAt(m);
    }

    boolean moved(int client) {
        int m = client < 0 ? -1 : before.find(client);
        return m >= 0 && m < sealed;
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
        return !deletes.isEmpty() || sealed > 0;
    }

    boolean existedBefore(long id) {
        return Items.clock(id) < stateBefore(Items.client(id));
    }

    void change(Branch branch) {
        if (branch.changedIn == serial) {
            return;
        }
        int item = branch.item;
        if (branch.isRoot() || (existedBefore(store.items.id[item]) && !store.items.isDeleted(item))) {
            branch.changedIn = serial;
            changed.add(branch);
        }
    }

    void unchange(Branch branch) {
        if (branch.changedIn == serial) {
            branch.changedIn = 0;
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
