package ai.materi.crdt;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A sequence of XML nodes: elements, texts and hooks. */
public sealed class YXmlFragment extends YType permits YXmlElement {
    private @Nullable List<YType> prepared = new ArrayList<>(0);

    public YXmlFragment() {}

    @Override
    int kind() {
        return Branch.XML_FRAGMENT;
    }

    @Override
    void insertPrepared() {
        List<YType> children = prepared;
        prepared = null;
        if (children != null) {
            insert(0, children);
        }
    }

    @Override
    void attached() {
        prepared = null;
    }

    @Override
    public int length() {
        return prepared != null ? prepared.size() : super.length();
    }

    /** The child nodes, in order; values that are no types, which only a hostile peer puts here, are left out. */
    public List<YType> children() {
        if (prepared != null) {
            return List.copyOf(prepared);
        }
        List<YType> out = new ArrayList<>();
        for (Object value : Sequences.list(this)) {
            if (value instanceof YType type) {
                out.add(type);
            }
        }
        return Collections.unmodifiableList(out);
    }

    /** The child at the index. Throws {@link IllegalStateException} when a hostile peer put something else there. */
    public YType child(int index) {
        checkRange(index, 1, length());
        Object value = prepared != null ? prepared.get(index) : Sequences.get(this, index);
        if (value instanceof YType type) {
            return type;
        }
        throw new IllegalStateException("not a node at " + index);
    }

    /** Inserts nodes before the one at {@code index}. */
    public void insert(int index, List<? extends YType> nodes) {
        checkRange(index, 0, length());
        nodes.forEach(Values::check);
        if (prepared != null) {
            prepared.addAll(index, nodes);
            return;
        }
        List<YType> copy = List.copyOf(nodes);
        edit(tx -> doc().editor().insert(tx, branch(), index, copy));
    }

    /** Appends nodes. */
    public void push(List<? extends YType> nodes) {
        insert(length(), nodes);
    }

    public void delete(int index, int length) {
        checkRange(index, length, length());
        if (prepared != null) {
            prepared.subList(index, index + length).clear();
            return;
        }
        edit(tx -> doc().editor().delete(tx, branch(), index, length));
    }

    /** The markup, as yjs prints it: nothing is escaped. */
    @Override
    public String toString() {
        return XmlPrinter.print(this);
    }

    @Override
    public Object toJson() {
        return toString();
    }
}
