package ai.materi.crdt;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A shared map from strings to values and types. */
public sealed class YMap extends YType permits YXmlHook {
    private @Nullable Map<String, @Nullable Object> prepared = new LinkedHashMap<>(0);

    public YMap() {}

    /** An unattached map with content. */
    public static YMap of(Map<String, ?> entries) {
        YMap map = new YMap();
        entries.forEach(map::set);
        return map;
    }

    @Override
    int kind() {
        return Branch.MAP;
    }

    @Override
    void insertPrepared() {
        Map<String, @Nullable Object> entries = prepared;
        prepared = null;
        if (entries != null) {
            entries.forEach(this::set);
        }
    }

    @Override
    void attached() {
        prepared = null;
    }

    public void set(String key, @Nullable Object value) {
        Values.check(value);
        if (prepared != null) {
            prepared.put(key, value);
            return;
        }
        edit(Collections.singletonList(value), tx -> doc().editor().set(tx, branch(), key, value));
    }

    /** The value or type of the key; null when there is none. */
    public @Nullable Object get(String key) {
        return prepared != null ? prepared.get(key) : Sequences.value(this, key);
    }

    public boolean has(String key) {
        return prepared != null ? prepared.containsKey(key) : Sequences.entry(this, key) != Items.NONE;
    }

    /** Removes the entry, if there is one. */
    public void delete(String key) {
        if (prepared != null) {
            prepared.remove(key);
            return;
        }
        edit(tx -> doc().editor().remove(tx, branch(), key));
    }

    /** The keys, in the order in which they first came. */
    public Set<String> keys() {
        return Collections.unmodifiableSet(
                new LinkedHashSet<>(prepared != null ? prepared.keySet() : Sequences.keys(this)));
    }

    public int size() {
        return prepared != null ? prepared.size() : Sequences.keys(this).size();
    }

    /** The entries with their values and types. */
    public Map<String, @Nullable Object> toMap() {
        return Collections.unmodifiableMap(prepared != null ? new LinkedHashMap<>(prepared) : Sequences.map(this));
    }

    @Override
    public Object toJson() {
        return PlainValues.of(this);
    }
}
