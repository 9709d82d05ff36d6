package ai.materi.crdt;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A shared type: a light handle on content that lives in a {@link Doc}. A new one is unattached; it takes content, and
 * brings it along when it is inserted somewhere, once.
 *
 * <p>Edits outside a {@link Doc#transact transaction} are transactions of their own. Indices out of range throw
 * {@link IndexOutOfBoundsException}, values that the format cannot carry {@link IllegalArgumentException}, edits of a
 * deleted type {@link IllegalStateException}, all before anything changes.
 */
public abstract sealed class YType permits YText, YArray, YMap, YXmlFragment {
    private @Nullable Doc doc;
    private @Nullable Branch branch;
    /** Observers that came before it was part of a document. */
    private @Nullable Observers early;

    YType() {}

    static YType bind(Doc doc, Branch branch, int kind) {
        YType type = create(kind, branch.nodeName);
        type.doc = doc;
        type.branch = branch;
        type.attached();
        return type;
    }

    private static YType create(int kind, @Nullable String nodeName) {
        String name = nodeName == null ? "UNDEFINED" : nodeName;
        return switch (kind) {
            case Branch.ARRAY -> new YArray();
            case Branch.MAP -> new YMap();
            case Branch.TEXT -> new YText();
            case Branch.XML_ELEMENT -> new YXmlElement(name);
            case Branch.XML_HOOK -> new YXmlHook(name);
            case Branch.XML_TEXT -> new YXmlText();
            default -> new YXmlFragment();
        };
    }

    /** The type's number on the wire. */
    abstract int kind();

    @Nullable
    String nodeNameOrNull() {
        return null;
    }

    /** Inserts what was put in before it was part of a document. */
    abstract void insertPrepared();

    /** It became part of a document: what was prepared is not needed any more. */
    abstract void attached();

    void attach(Doc to, Branch as) {
        doc = to;
        branch = as;
        as.handle = this;
        as.observers = early;
        to.watch(early == null ? 0 : early.count());
        early = null;
        insertPrepared();
        attached();
    }

    void requireUnattached() {
        if (doc != null) {
            throw new IllegalArgumentException("a type is inserted once: this one is part of a document already");
        }
    }

    boolean isAttached() {
        return doc != null;
    }

    /** The document it is part of. Throws {@link IllegalStateException} while it is part of none. */
    public Doc doc() {
        Doc known = doc;
        if (known == null) {
            throw new IllegalStateException("not part of a document yet");
        }
        return known;
    }

    Branch branch() {
        Branch known = branch;
        if (known == null) {
            throw new IllegalStateException("not part of a document yet");
        }
        return known;
    }

    Store store() {
        return doc().store();
    }

    /** The id of the item that holds it; null for a root, and before it is inserted. */
    public @Nullable Id id() {
        Branch known = branch;
        if (known == null || known.isRoot() || known.dead) {
            return null;
        }
        return store().publicId(store().items.id[known.item]);
    }

    /** The name of a root; null for a nested type. */
    public @Nullable String rootName() {
        return branch == null ? null : branch.rootName;
    }

    /** Whether it is in a document and neither it nor a type around it was deleted. */
    public boolean isLive() {
        return branch != null && !store().isGone(branch);
    }

    /** The type that holds it; null for a root, once deleted, and before it is inserted. */
    public @Nullable YType parent() {
        Branch known = branch;
        if (known == null || known.isRoot() || known.dead) {
            return null;
        }
        return doc().handle(store().parent(known.item));
    }

    /** How many units it has: UTF-16 code units and embeds, values, or children. */
    public int length() {
        return branch == null || branch.dead ? 0 : branch.length;
    }

    void edit(Consumer<Transaction> body) {
        if (!isLive()) {
            throw new IllegalStateException("the type was deleted");
        }
        doc().transact(null, body);
    }

    /** As {@link #edit(Consumer)}; the sub-documents among what the edit inserts become part of the document. */
    void edit(List<? extends @Nullable Object> inserted, Consumer<Transaction> body) {
        List<SubDocument> subs = SubDocuments.among(inserted);
        edit(tx -> {
            int clock = store().clients.state(doc().clientId());
            body.accept(tx);
            if (!subs.isEmpty()) {
                doc().subDocumentTable().adopt(tx, clock, subs);
            }
        });
    }

    static void checkRange(int index, int length, int size) {
        if (index < 0 || length < 0 || index > size - length) {
            throw new IndexOutOfBoundsException("units " + index + " to " + ((long) index + length) + " of " + size);
        }
    }

    /**
     * Calls the listener, after every transaction that changed this type's own sequence or entries, with what changed.
     * Types that were inserted or deleted by the transaction have no event of their own. The listener may edit: that is a
     * transaction of its own, announced after this one. One that throws keeps nobody else from being told.
     */
    public Registration observe(Consumer<YEvent> listener) {
        return observers().add(this, listener);
    }

    /**
     * Calls the listener, after every transaction that changed this type or one inside it, with the events of all of
     * them, those nearest to this type first. The list is empty when other observers have deleted all of their targets
     * meanwhile.
     */
    public Registration observeDeep(Consumer<List<YEvent>> listener) {
        return observers().addDeep(this, listener);
    }

    private Observers observers() {
        Branch known = branch;
        if (known == null) {
            early = early == null ? new Observers() : early;
            return early;
        }
        known.observers = known.observers == null ? new Observers() : known.observers;
        return known.observers;
    }

    /** One observer more, or less. */
    void watch(int more) {
        if (doc != null) {
            doc.watch(more);
        }
    }

    /** Its content as plain values, as {@code toJSON} of yjs gives it. */
    public abstract @Nullable Object toJson();
}
