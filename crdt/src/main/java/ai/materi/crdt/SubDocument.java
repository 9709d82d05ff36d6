package ai.materi.crdt;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A document inside another, which stores its name and options alone: what it holds is a document of its own, whose
 * updates travel and are kept apart from those of the one around it. A value like any other of arrays, maps and attributes,
 * inserted once; the same guid may be inserted again as another instance.
 *
 * <p>It lives as a {@code Y.Doc} inside a shared type does, but its content is made when {@link #doc} is asked for it: a
 * received update may name a million. A server that keeps each document under its guid never asks; it hears from
 * {@link Doc#onSubDocuments} what is to be loaded.
 */
public final class SubDocument {
    private final String guid;
    private final boolean keepsDeleted;
    private final boolean autoLoad;
    private final @Nullable Object meta;
    private @Nullable String collectionId;
    private boolean shouldLoad;
    private boolean destroyed;
    /** As whom its content is written; negative until the document around it has said so. */
    private long author = -1;

    private @Nullable Doc holder;
    /** The id of the item that holds it. */
    private long item = Items.NO_ID;

    private @Nullable Doc content;
    private final List<Consumer<SubDocument>> destroyListeners = new ArrayList<>(0);

    /**
     * One that is to be loaded here.
     *
     * @param guid the name under which its content is found
     * @param options as {@code Y.Doc} takes them: {@code gc} (true unless given), {@code autoLoad} (false), {@code meta} (a
     *     plain value; none), {@code collectionid} (none), {@code shouldLoad} (true); the document around it stores the first
     *     three, others are dropped
     * @throws IllegalArgumentException when {@code meta} is no value of the format
     */
    public SubDocument(String guid, Map<String, ? extends @Nullable Object> options) {
        this(guid, options, given(options, "shouldLoad", true));
    }

    private SubDocument(String guid, Map<String, ? extends @Nullable Object> options, boolean shouldLoad) {
        this.guid = guid;
        this.keepsDeleted = !given(options, "gc", true);
        this.autoLoad = given(options, "autoLoad", false);
        this.meta = plainCopy(options.get("meta"));
        this.collectionId = options.get("collectionid") instanceof String id ? id : null;
        this.shouldLoad = shouldLoad;
    }

    private static boolean given(Map<String, ? extends @Nullable Object> options, String name, boolean otherwise) {
        boolean absent = !options.containsKey(name) || options.get(name) == Undefined.INSTANCE;
        return absent ? otherwise : JsValue.isTruthy(options.get(name));
    }

    private static @Nullable Object plainCopy(@Nullable Object value) {
        if (value == null || value == Undefined.INSTANCE) {
            return null;
        }
        ByteWriter out = new ByteWriter();
        AnyCodec.write(out, value);
        return AnyCodec.read(new ByteReader(out.buffer(), 0, out.size()));
    }

    /** Reads what an item holds. It is to be loaded when its options say so. */
    @SuppressWarnings("unchecked") // objects of the format have string keys
    static SubDocument read(ByteReader in) {
        String name = in.string();
        Map<String, @Nullable Object> options =
                AnyCodec.read(in) instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : Map.of();
        String guid = options.get("guid") instanceof String other ? other : name;
        return new SubDocument(guid, options, given(options, "shouldLoad", false) || given(options, "autoLoad", false));
    }

    /** Writes what an item holds. */
    void write(ByteWriter out) {
        out.varString(guid);
        AnyCodec.write(out, options());
    }

    /** One of the same name and options, not to be loaded. */
    SubDocument again() {
        return new SubDocument(guid, options(), false);
    }

    void requireFree() {
        if (holder != null) {
            throw new IllegalArgumentException("a sub-document is inserted once: make another with the same guid");
        }
    }

    void hold(Doc in, long as) {
        holder = in;
        item = as;
    }

    /** The id of the item that holds it, or held it. */
    long item() {
        return item;
    }

    /** It became one of the sub-documents of the document around it. */
    void join(Doc in) {
        author = in.clientId();
        collectionId = collectionId == null ? in.collectionId() : collectionId;
        if (content != null) {
            content.writeAs(author);
            content.setCollectionId(collectionId);
        }
    }

    /** The name under which its content is found. */
    public String guid() {
        return guid;
    }

    /** What the document around it stores: {@code gc} when false, {@code autoLoad} when true, {@code meta} when there is some. */
    public Map<String, @Nullable Object> options() {
        Map<String, @Nullable Object> options = new LinkedHashMap<>();
        if (keepsDeleted) {
            options.put("gc", false);
        }
        if (autoLoad) {
            options.put("autoLoad", true);
        }
        if (meta != null) {
            options.put("meta", meta);
        }
        return Collections.unmodifiableMap(options);
    }

    /** Whether its content keeps what is deleted ({@code gc: false}). */
    public boolean keepsDeleted() {
        return keepsDeleted;
    }

    /** Whether everybody who receives it is to load it. */
    public boolean isAutoLoad() {
        return autoLoad;
    }

    /** A plain value that its author stored beside it; null when there is none. */
    public @Nullable Object meta() {
        return meta;
    }

    /** The collection it belongs to, for who keeps documents in such: its own, else that of the document around it. */
    public @Nullable String collectionId() {
        return collectionId;
    }

    /** Whether its content is wanted here. */
    public boolean shouldLoad() {
        return shouldLoad;
    }

    /** Whether it was destroyed; what stands in its place, if anything, is another instance. */
    public boolean isDestroyed() {
        return destroyed;
    }

    /** The document around it; null before it is inserted, and once it is destroyed. */
    public @Nullable Doc parent() {
        return holder;
    }

    /**
     * Its content, always the same document: empty at first, to be filled and followed by whoever keeps it. It writes as the
     * client that the document around it was when this came into it.
     */
    public Doc doc() {
        Doc known = content;
        if (known == null) {
            known = Doc.inside(author, keepsDeleted);
            known.setCollectionId(collectionId);
            content = known;
        }
        return known;
    }

    /** Asks for its content: those who listen to the sub-documents of the document around it are told, once. */
    public void load() {
        boolean asks = !shouldLoad;
        shouldLoad = true;
        if (asks && holder != null) {
            holder.transact(null, tx -> tx.subDocuments().loaded.add(this));
        }
    }

    /**
     * Lets go of its content: a new instance, not to be loaded, takes its place in the document around it, and whoever
     * listens to its content hears no more. The sub-documents of its content are destroyed before it. Deleting it from the
     * document around it does the same, without a new instance.
     */
    public void destroy() {
        RuntimeException failure = null;
        for (SubDocument each : innermostFirst()) {
            failure = Doc.guarded(failure, each::destroyOne);
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** This and all opened ones inside it. A list, for how deep they nest is up to others. */
    private List<SubDocument> innermostFirst() {
        Deque<SubDocument> out = new ArrayDeque<>();
        Deque<SubDocument> work = new ArrayDeque<>();
        destroyed = true;
        work.push(this);
        while (!work.isEmpty()) {
            SubDocument next = work.pop();
            out.push(next);
            for (SubDocument inside : next.content == null ? Set.<SubDocument>of() : next.content.subDocuments()) {
                if (!inside.destroyed) {
                    inside.destroyed = true;
                    work.push(inside);
                }
            }
        }
        return List.copyOf(out);
    }

    private void destroyOne() {
        RuntimeException failure = null;
        Doc in = holder;
        if (in != null) {
            holder = null;
            failure = Doc.guarded(
                    failure, () -> in.transact(null, tx -> in.subDocumentTable().replace(tx, this)));
        }
        List<Consumer<SubDocument>> listeners = List.copyOf(destroyListeners);
        destroyListeners.clear();
        for (Consumer<SubDocument> listener : listeners) {
            failure = Doc.guarded(failure, () -> listener.accept(this));
        }
        if (content != null) {
            content.forgetListeners();
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Calls the listener when it is destroyed. */
    public Registration onDestroy(Consumer<SubDocument> listener) {
        destroyListeners.add(listener);
        return () -> destroyListeners.remove(listener);
    }

    @Override
    public String toString() {
        return "SubDocument[guid=" + guid + ", options=" + options() + ']';
    }
}
