package ai.materi.crdt;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A named XML node with attributes and children. */
public final class YXmlElement extends YXmlFragment {
    private final String nodeName;
    private @Nullable Map<String, @Nullable Object> attributes = new LinkedHashMap<>(0);

    public YXmlElement(String nodeName) {
        this.nodeName = nodeName;
    }

    public String nodeName() {
        return nodeName;
    }

    @Override
    int kind() {
        return Branch.XML_ELEMENT;
    }

    @Override
    String nodeNameOrNull() {
        return nodeName;
    }

    @Override
    void insertPrepared() {
        super.insertPrepared();
        Map<String, @Nullable Object> entries = attributes;
        attributes = null;
        if (entries != null) {
            entries.forEach(this::setAttribute);
        }
    }

    @Override
    void attached() {
        super.attached();
        attributes = null;
    }

    /** The value of an attribute: a string mostly, but any value is possible; null when there is none. */
    public @Nullable Object attribute(String key) {
        return attributes != null ? attributes.get(key) : Sequences.value(this, key);
    }

    public void setAttribute(String key, @Nullable Object value) {
        Values.check(value);
        if (attributes != null) {
            attributes.put(key, value);
            return;
        }
        edit(Collections.singletonList(value), tx -> doc().editor().set(tx, branch(), key, value));
    }

    /** Removes the attribute, if there is one. */
    public void removeAttribute(String key) {
        if (attributes != null) {
            attributes.remove(key);
            return;
        }
        edit(tx -> doc().editor().remove(tx, branch(), key));
    }

    /** All attributes, in the order in which they first came. */
    public Map<String, @Nullable Object> attributes() {
        return Collections.unmodifiableMap(attributes != null ? new LinkedHashMap<>(attributes) : Sequences.map(this));
    }
}
