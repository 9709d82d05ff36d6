package ai.materi.crdt;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A document that several edit at once and that ends the same for all of them, whatever order their updates come in. It
 * speaks the update formats v1 and v2 of Yjs 13 and decides like it. How it works stands at the head of {@link Store}.
 *
 * <p>A document belongs to one thread at a time: nothing in this package locks. Updates, state vectors and the like are
 * plain bytes and values and may go anywhere.
 *
 * <p>Received bytes are read and checked whole before anything is changed; {@link MalformedUpdateException} therefore
 * leaves the document as it was.
 */
public final class Doc {
    private static final long PASSES_A_STRUCT = 50;

    private final Store store = new Store();
    private final Editor editor = new Editor(this, store);
    private final TextEditor textEditor = new TextEditor(store, editor);
    private final Values values = new Values(this, store);
    private final List<UpdateListener> updateListeners = new ArrayList<>(1);
    private final List<UpdateListener> updateV2Listeners = new ArrayList<>(0);
    private final List<Consumer<Transaction>> transactionListeners = new ArrayList<>(1);
    private final Pending pending = new Pending();
    private final SubDocuments subDocuments = new SubDocuments(this, store);
    private final Deque<Transaction> uncleaned = new ArrayDeque<>(2);

    private final boolean keepsDeleted;
    private long clientId;
    private @Nullable String collectionId;
    private long serials;
    /** How many ask for events; while there are none, none are made. */
    private int watchers;

    private DecodedUpdate staging = new DecodedUpdate();
    private @Nullable Transaction current;

    /** An empty document whose author has a random 32-bit client id. */
    public Doc() {
        this(randomClientId());
    }

    /**
     * An empty document that writes as this client. No two documents may write as the same client, nor may one go on as
     * itself after it forgot what it had written.
     *
     * @param clientId 0 to 2^53-1
     */
    public Doc(long clientId) {
        this(clientId, false);
    }

    /**
     * An empty document that collects nothing: what is deleted stays, so that it can be restored to a {@link Snapshot}. It
     * only grows.
     *
     * @param clientId as of {@link #Doc(long)}
     */
    public static Doc keepingDeleted(long clientId) {
        return new Doc(clientId, true);
    }

    private Doc(long clientId, boolean keepsDeleted) {
        this.keepsDeleted = keepsDeleted;
        if (clientId < 0 || clientId > ByteReader.MAX_SAFE_INTEGER) {
            throw new IllegalArgumentException("client id out of range: " + clientId);
        }
        this.clientId = clientId;
    }

    /**
     * A document with this content and a random client id. The state is trusted, as one's own storage is: it may have any
     * number of structs, which many updates within the budget add up to.
     */
    public static Doc of(byte[] state) {
        Doc doc = new Doc();
        doc.applyUpdate(state, null, Integer.MAX_VALUE);
        return doc;
    }

    /**
     * As {@link #of(byte[])}, of a document that goes on writing as a client whose edits may be part of it. All that this client
     * ever told anybody must be in the state; see {@link #Doc(long)}.
     */
    public static Doc of(byte[] state, long clientId) {
        Doc doc = new Doc(clientId);
        doc.applyUpdate(state, null, Integer.MAX_VALUE);
        doc.clientId = clientId;
        return doc;
    }

    /** The content of a sub-document. */
    static Doc inside(long author, boolean keepsDeleted) {
        return new Doc(author < 0 ? randomClientId() : author, keepsDeleted);
    }

    private static long randomClientId() {
        return ThreadLocalRandom.current().nextLong(1L << 32);
    }

    /** As whom it writes. It changes, as in yjs, when an update is received that somebody else wrote under this id. */
    public long clientId() {
        return clientId;
    }

    /** From now on it writes as this client. */
    void writeAs(long client) {
        clientId = client;
    }

    /** Whether what is deleted stays. */
    public boolean keepsDeleted() {
        return keepsDeleted;
    }

    // ---- roots

    /** The root text of this name. Throws {@link IllegalStateException} when the root is in use as another type. */
    public YText text(String name) {
        return (YText) handle(typed(name, Branch.TEXT));
    }

    /** The root array of this name. Throws {@link IllegalStateException} when the root is in use as another type. */
    public YArray array(String name) {
        return (YArray) handle(typed(name, Branch.ARRAY));
    }

    /** The root map of this name. Throws {@link IllegalStateException} when the root is in use as another type. */
    public YMap map(String name) {
        return (YMap) handle(typed(name, Branch.MAP));
    }

    /** The root fragment of this name. Throws {@link IllegalStateException} when the root is in use as another type. */
    public YXmlFragment xmlFragment(String name) {
        return (YXmlFragment) handle(typed(name, Branch.XML_FRAGMENT));
    }

    private Branch typed(String name, int kind) {
        Branch root = store.root(name);
        if (root.kind == Branch.UNTYPED) {
            root.become(kind);
        } else if (root.kind != kind) {
            throw new IllegalStateException("root '" + name + "' is in use as another type");
        }
        return root;
    }

    /** The names of all roots that were received or asked for. */
    public Set<String> rootNames() {
        return Collections.unmodifiableSet(new LinkedHashSet<>(store.roots.keySet()));
    }

    /** Whether the root has neither visible content nor entries; true for one that does not exist. */
    public boolean rootIsEmpty(String name) {
        Branch root = store.roots.get(name);
        if (root == null || root.length > 0) {
            return root == null;
        }
        IntMap entries = root.entries;
        for (int e = 0; entries != null && e < entries.size(); e++) {
            if (!store.items.isDeleted(entries.valueAt(e))) {
                return false;
            }
        }
        return true;
    }

    /** The nested type that the item of this id holds; null when it is unknown, deleted or no type. */
    public @Nullable YType typeById(Id id) {
        int item = store.findPublic(id);
        boolean live = item != Items.NONE && store.items.kind(item) == Items.TYPE && !store.items.isDeleted(item);
        return live ? handle(store.content(item)) : null;
    }

    YType handle(Branch branch) {
        YType known = branch.handle;
        if (known != null) {
            return known;
        }
        if (branch.kind == Branch.UNTYPED) {
            return YType.bind(this, branch, guess(branch));
        }
        YType made = YType.bind(this, branch, branch.kind);
        branch.handle = made;
        return made;
    }

    /** What a root that nobody asked for looks like: only how it is shown depends on it. */
    private int guess(Branch branch) {
        for (int i = branch.start; i != Items.NONE; i = store.items.right[i]) {
            switch (store.items.kind(i)) {
                case Items.STRING, Items.FORMAT, Items.EMBED -> {
                    return Branch.TEXT;
                }
                case Items.ANY, Items.JSON, Items.BINARY, Items.DOC -> {
                    return Branch.ARRAY;
                }
                case Items.TYPE -> {
                    return store.content(i).kind >= Branch.XML_ELEMENT ? Branch.XML_FRAGMENT : Branch.ARRAY;
                }
                default -> {}
            }
        }
        return branch.entries != null ? Branch.MAP : Branch.XML_FRAGMENT;
    }

    // ---- updates

    /**
     * Takes a received update in. What builds on content that has not come waits, and is part of the encoded state
     * meanwhile.
     *
     * @param origin passed on to listeners
     * @throws MalformedUpdateException when the bytes are no update; the document is as it was
     */
    public void applyUpdate(byte[] update, @Nullable Object origin) {
        applyUpdate(update, origin, StructCursor.DEFAULT_BUDGET);
    }

    /**
     * As {@link #applyUpdate(byte[], Object)}, for bytes that are trusted to be large: a stored state, say.
     *
     * @param budget how many structs and deleted ranges the update may have; 1,000,000 unless given
     */
    public void applyUpdate(byte[] update, @Nullable Object origin, int budget) {
        take(staging.read(update, budget), origin);
    }

    /** What became of an update that was given within bounds. */
    public enum Taken {
        /** All of it was taken in. */
        WHOLE,
        /** It took too much work; the same update, given again, goes on where it stopped. */
        STOPPED,
        /** Too much would wait: only what could be placed was taken in. */
        TOO_MUCH_WAITS
    }

    /**
     * As {@link #applyUpdate(byte[], Object, int)}, within bounds on what waits and on work. An item that competes with others
     * for its place passes those between (YATA), which an update can be made for: once all have passed more neighbours than
     * fifty for each struct of the budget, the rest of the update is left out. Where the update would take what waits beyond its
     * bound, only what could be placed is taken in. As much waits as before, in both cases; the same update, given again,
     * goes on where it stopped.
     *
     * @param maxPending bytes, see {@link #pendingBytes()}
     * @return whether all of the update was taken in
     */
    public boolean applyUpdate(byte[] update, @Nullable Object origin, int budget, int maxPending) {
        return applyUpdate(update, origin, budget, maxPending, PASSES_A_STRUCT * budget) == Taken.WHOLE;
    }

    /**
     * The same with a bound of its own on work.
     *
     * @param passes neighbours that its items may pass, all together
     */
    public Taken applyUpdate(byte[] update, @Nullable Object origin, int budget, int maxPending, long passes) {
        DecodedUpdate decoded = staging.read(update, budget);
        Pending before = pending.copy();
        boolean stopped;
        store.allowPasses(passes);
        try {
            take(decoded, origin);
        } finally {
            stopped = store.isOutOfPasses();
            store.allowPasses(Long.MAX_VALUE);
        }
        if (!stopped && (pending.bytes() <= maxPending || pending.bytes() <= before.bytes())) {
            return Taken.WHOLE;
        }
        pending.restore(before);
        return stopped ? Taken.STOPPED : Taken.TOO_MUCH_WAITS;
    }

    /** As {@link #applyUpdate(byte[], Object)}, of an update in format v2. */
    public void applyUpdateV2(byte[] updateV2, @Nullable Object origin) {
        applyUpdateV2(updateV2, origin, StructCursor.DEFAULT_BUDGET);
    }

    /** As {@link #applyUpdate(byte[], Object, int)}, of an update in format v2. */
    public void applyUpdateV2(byte[] updateV2, @Nullable Object origin, int budget) {
        FormatV2.Translated update = FormatV2.toV1(updateV2, budget);
        take(staging.read(update.update, budget, update.isLoose), origin);
    }

    private void take(DecodedUpdate decoded, @Nullable Object origin) {
        staging = new DecodedUpdate();
        transact(origin, false, tx -> {
            tx.local = false;
            apply(tx, decoded);
        });
        if (decoded.isReusable()) {
            decoded.release();
            staging = decoded;
        }
    }

    private void apply(Transaction tx, DecodedUpdate update) {
        if (update.size > 64) {
            store.expect(update.size, update.arenaBytes);
        }
        Integrator integrator = new Integrator(store, subDocuments, tx, update);
        byte[] rest = integrator.run();
        boolean retry = pending.structs != null && canRetry();
        if (rest != null) {
            pending.addStructs(rest, integrator.missing);
        }
        byte[] unknown = Integrator.applyDeletes(store, tx, update.deletes);
        if (pending.deletes != null) {
            DeleteRanges waiting = new DecodedUpdate().read(pending.deletes, Integer.MAX_VALUE).deletes;
            byte[] still = Integrator.applyDeletes(store, tx, waiting);
            pending.deletes = unknown == null || still == null
                    ? (unknown == null ? still : unknown)
                    : UpdateMerger.merge(List.of(unknown, still), Integer.MAX_VALUE);
        } else {
            pending.deletes = unknown;
        }
        byte[] structs = pending.structs;
        if (retry && structs != null) {
            pending.forgetStructs();
            apply(tx, new DecodedUpdate().read(structs, Integer.MAX_VALUE, true));
        }
    }

    private boolean canRetry() {
        for (Map.Entry<Long, Integer> entry : pending.missing.entrySet()) {
            if (entry.getValue() < store.clients.state(entry.getKey())) {
                return true;
            }
        }
        return false;
    }

    /** Everything, what waits included, as one update. */
    public byte[] encodeState() {
        return encodeStateSince(StateVector.EMPTY);
    }

    /** What somebody with this state vector lacks, with all deletions and what waits. */
    public byte[] encodeStateSince(StateVector remote) {
        return encode(remote, false);
    }

    /** As {@link #encodeStateSince}, to be encoded a portion at a time. */
    public GradualState encodeGradually(StateVector remote) {
        List<byte[]> waiting = new ArrayList<>(2);
        if (pending.deletes != null) {
            waiting.add(pending.deletes);
        }
        if (pending.structs != null) {
            StateVector known = remote.max(stateVector());
            byte[] structs = Updates.diff(pending.structs, known, Integer.MAX_VALUE, true);
            waiting.add(Updates.withoutHalves(FormatV2.settled(structs)));
        }
        return new GradualState(store, remote, List.copyOf(waiting));
    }

    /** As {@link #encodeState()}, in format v2. */
    public byte[] encodeStateV2() {
        return encodeStateSinceV2(StateVector.EMPTY);
    }

    /** As {@link #encodeStateSince}, in format v2. */
    public byte[] encodeStateSinceV2(StateVector remote) {
        return FormatV2.fromV1(encode(remote, true), false, true, Integer.MAX_VALUE);
    }

    private byte[] encode(StateVector remote, boolean loose) {
        byte[] state = StateEncoder.since(store, remote, loose);
        if (pending.isEmpty()) {
            return state;
        }
        List<byte[]> parts = new ArrayList<>(3);
        parts.add(loose ? FormatV2.settled(state) : state);
        if (pending.deletes != null) {
            parts.add(pending.deletes);
        }
        if (pending.structs != null) {
            // What is placed is not taken from what waits: a forged struct among that would replace it.
            StateVector known = remote.max(stateVector());
            parts.add(FormatV2.settled(Updates.diff(pending.structs, known, Integer.MAX_VALUE, true)));
        }
        byte[] merged = UpdateMerger.merge(parts, Integer.MAX_VALUE, true);
        return loose ? merged : Updates.withoutHalves(merged);
    }

    /** What is placed; what waits is not in it. */
    public StateVector stateVector() {
        TreeMap<Long, Long> clocks = new TreeMap<>();
        for (int c = 0; c < store.clients.size(); c++) {
            Client client = store.clients.at(c);
            if (client.state > 0) {
                clocks.put(client.id, (long) client.state);
            }
        }
        return new StateVector(clocks);
    }

    /** All that is deleted, sorted and merged. */
    public DeleteSet deleteSet() {
        return StateEncoder.deleteSet(store);
    }

    /** Whether something was received that waits for what it builds on. */
    public boolean hasPending() {
        return !pending.isEmpty();
    }

    /** How many bytes wait. */
    public int pendingBytes() {
        return pending.bytes();
    }

    // ---- transactions

    /**
     * Runs edits as one transaction: one update, told once. Called inside another it joins that one.
     *
     * @param origin passed on to listeners; ignored when it joins
     */
    public void transact(@Nullable Object origin, Consumer<Transaction> body) {
        transact(origin, true, body);
    }

    void transact(@Nullable Object origin, boolean local, Consumer<Transaction> body) {
        Transaction joined = current;
        if (joined != null) {
            body.accept(joined);
            return;
        }
        Transaction tx = new Transaction(store, ++serials, origin, local);
        current = tx;
        store.begin(tx);
        uncleaned.addLast(tx);
        try {
            body.accept(tx);
        } finally {
            current = null;
            if (uncleaned.peekFirst() == tx) {
                cleanUp();
            }
        }
    }

    /** Finishes transactions one after the other; those that listeners begin queue up behind. */
    private void cleanUp() {
        RuntimeException failure = null;
        while (true) {
            Transaction tx = uncleaned.peekFirst();
            if (tx == null) {
                break;
            }
            failure = guarded(failure, () -> beforeMerging(tx));
            tx.told = true;
            merge(tx);
            store.end(tx);
            failure = guarded(failure, () -> announce(tx));
            failure = guarded(failure, () -> subDocuments.announce(tx));
            uncleaned.removeFirst();
        }
        store.compactAfterTransaction();
        if (failure != null) {
            throw failure;
        }
    }

    /** Runs one of several steps of which none may keep the next from running; answers the first failure of all. */
    static @Nullable RuntimeException guarded(@Nullable RuntimeException failure, Runnable step) {
        try {
            step.run();
            return failure;
        } catch (RuntimeException e) {
            if (failure == null) {
                return e;
            }
            failure.addSuppressed(e);
            return failure;
        }
    }

    private void beforeMerging(Transaction tx) {
        subDocuments.noteDeletions(tx);
        tx.deletes.sortAndMerge();
        tx.seal();
        RuntimeException failure = new ObserverCalls(this, tx, watchers > 0).run();
        for (Consumer<Transaction> listener : List.copyOf(transactionListeners)) {
            failure = guarded(failure, () -> listener.accept(tx));
        }
        if (tx.needsFormattingCleanup) {
            transact(null, true, cleaning -> textEditor.cleanUpAfter(tx, cleaning));
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void merge(Transaction tx) {
        if (!keepsDeleted) {
            store.collect(tx.deletes);
        }
        store.mergeDeleted(tx.deletes);
        store.mergeAdded(tx);
        store.mergeSplit(tx);
        if (!tx.local && tx.moved(store.clients.find(clientId))) {
            clientId = randomClientId();
        }
    }

    private void announce(Transaction tx) {
        if (!tx.hasContent()) {
            return;
        }
        RuntimeException failure = null;
        if (!updateListeners.isEmpty()) {
            failure = tell(tx, updateListeners, StateEncoder.of(store, tx, false));
        }
        if (!updateV2Listeners.isEmpty()) {
            byte[] update = FormatV2.fromV1(StateEncoder.of(store, tx, true), false, true, Integer.MAX_VALUE);
            RuntimeException second = tell(tx, updateV2Listeners, update);
            failure = failure == null ? second : failure;
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static @Nullable RuntimeException tell(Transaction tx, List<UpdateListener> listeners, byte[] update) {
        RuntimeException failure = null;
        for (UpdateListener listener : List.copyOf(listeners)) {
            failure = guarded(failure, () -> listener.onUpdate(update, tx.origin(), tx.isLocal()));
        }
        return failure;
    }

    /** Calls the listener after every transaction that changed something, in the order of the transactions. */
    public Registration onUpdate(UpdateListener listener) {
        updateListeners.add(listener);
        return () -> updateListeners.remove(listener);
    }

    /** As {@link #onUpdate}, with updates in format v2. */
    public Registration onUpdateV2(UpdateListener listener) {
        updateV2Listeners.add(listener);
        return () -> updateV2Listeners.remove(listener);
    }

    /** Calls the listener at the end of every transaction that changed something, before its update is made. */
    public Registration onTransaction(Consumer<Transaction> listener) {
        return afterTransaction(tx -> {
            if (tx.hasContent()) {
                listener.accept(tx);
            }
        });
    }

    /** As {@link #onTransaction}, after transactions that changed nothing too. */
    Registration afterTransaction(Consumer<Transaction> listener) {
        transactionListeners.add(listener);
        return () -> transactionListeners.remove(listener);
    }

    /** Whoever listens to this document hears no more; those who observe its types still do. */
    void forgetListeners() {
        updateListeners.clear();
        updateV2Listeners.clear();
        transactionListeners.clear();
        subDocuments.forgetListeners();
    }

    /** So many more ask for events, or fewer. */
    void watch(int more) {
        watchers += more;
    }

    // ---- sub-documents

    /** The sub-documents that are part of this document, in the order in which they came. */
    public Set<SubDocument> subDocuments() {
        return subDocuments.all();
    }

    /** The names of the sub-documents, each once. */
    public Set<String> subDocumentGuids() {
        Set<String> guids = new LinkedHashSet<>();
        subDocuments.all().forEach(sub -> guids.add(sub.guid()));
        return Collections.unmodifiableSet(guids);
    }

    /**
     * Calls the listener after every transaction that brought, removed or asked for sub-documents, when its update was told.
     * Here a server learns which documents of their own are to be opened and closed.
     */
    public Registration onSubDocuments(Consumer<SubDocumentsEvent> listener) {
        return subDocuments.listen(listener);
    }

    /** The collection that sub-documents without one of their own get when they come; null unless set. */
    public @Nullable String collectionId() {
        return collectionId;
    }

    /** Sets the collection that sub-documents get from now on. */
    public void setCollectionId(@Nullable String id) {
        collectionId = id;
    }

    SubDocuments subDocumentTable() {
        return subDocuments;
    }

    // ---- size

    /**
     * Whether whoever keeps this document calls {@link #compact} when {@link #wantsCompaction}, at a moment and on a thread of
     * their choice; else it compacts by itself, at the end of whichever transaction leaves more garbage than content. When
     * nobody has asked until there is three times as much garbage, it does so all the same, and what is small never waits.
     */
    public void compactsWhenAsked(boolean asked) {
        store.compactsWhenAsked(asked);
    }

    /** Whether most of the room for its content is garbage of what was deleted or moved. */
    public boolean wantsCompaction() {
        return store.wantsCompaction();
    }

    /** Moves its content together, where most of the room for it is garbage. Not within a transaction. */
    public void compact() {
        if (current != null) {
            throw new IllegalStateException("a transaction is under way");
        }
        store.compactIfWanted();
    }

    /** About how much heap it takes, in bytes. */
    public long estimatedBytes() {
        return store.estimatedBytes() + pendingBytes();
    }

    /** How many structs it is made of, collected ones included. */
    public int structCount() {
        return store.items.live();
    }

    Store store() {
        return store;
    }

    Editor editor() {
        return editor;
    }

    TextEditor textEditor() {
        return textEditor;
    }

    Values values() {
        return values;
    }
}
