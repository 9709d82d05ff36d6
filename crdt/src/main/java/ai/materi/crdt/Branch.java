package ai.materi.crdt;

import org.jspecify.annotations.Nullable;

/** The state of one shared type: its sequence, its entries, and how it hangs in the document. */
final class Branch {
    static final int ARRAY = 0;
    static final int MAP = 1;
    static final int TEXT = 2;
    static final int XML_ELEMENT = 3;
    static final int XML_FRAGMENT = 4;
    static final int XML_HOOK = 5;
    static final int XML_TEXT = 6;
    /** A root that was received but that nobody here has asked for by its type. */
    static final int UNTYPED = -1;

    /** The name of a root; null for a nested type. */
    final @Nullable String rootName;
    /** The name of an element or a hook. */
    final @Nullable String nodeName;
    /** The index in the store's table of types. */
    final int index;

    int kind;
    /** The item that holds a nested type. */
    int item = Items.NONE;
    /** The first item of the sequence. */
    int start = Items.NONE;

    int length;
    /** The root of its tree in the store's {@link PositionIndex}; none as long as nobody walked far. */
    int chunks = Items.NONE;
    /** The last item of each key. */
    @Nullable
    IntMap entries;
    /** Remembered positions; null where none are kept: in types other than text, and once text is formatted. */
    @Nullable
    Markers markers;

    boolean hasFormatting;
    /** The item that held it was collected: the type is out of the document. */
    boolean dead;
    /** The serial number of the last transaction that changed it. */
    long changedIn;
    /** What that transaction changed in it. */
    Transaction.@Nullable Change change;

    @Nullable
    Observers observers;

    @Nullable
    YType handle;

    Branch(int index, int kind, @Nullable String rootName, @Nullable String nodeName) {
        this.index = index;
        this.rootName = rootName;
        this.nodeName = nodeName;
        become(kind);
    }

    void become(int newKind) {
        kind = newKind;
        hasFormatting = false;
        markers = newKind == TEXT || newKind == XML_TEXT ? new Markers() : null;
    }

    boolean isRoot() {
        return rootName != null;
    }

    boolean isText() {
        return kind == TEXT || kind == XML_TEXT;
    }

    int entry(int key) {
        return entries == null ? Items.NONE : entries.get(key, Items.NONE);
    }

    void setEntry(int key, int item) {
        if (entries == null) {
            entries = new IntMap();
        }
        entries.put(key, item);
    }
}
