package ai.materi.crdt;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A shared list of values and types. */
public final class YArray extends YType {
    private @Nullable List<@Nullable Object> prepared = new ArrayList<>(0);

    public YArray() {}

    /** An unattached array with content. */
    public static YArray of(List<?> values) {
        YArray array = new YArray();
        array.push(values);
        return array;
    }

    @Override
    int kind() {
        return Branch.ARRAY;
    }

    @Override
    void insertPrepared() {
        if (prepared != null) {
            insert(0, prepared);
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

    /** Inserts values before the one at {@code index}. */
    public void insert(int index, List<?> values) {
        checkRange(index, 0, length());
        values.forEach(Values::check);
        if (prepared != null && !isAttached()) {
            prepared.addAll(index, Values.copy(values));
            return;
        }
        List<@Nullable Object> copy = Values.copy(values);
        edit(copy, tx -> doc().editor().insert(tx, branch(), index, copy));
    }

    /** Appends values. */
    public void push(List<?> values) {
        values.forEach(Values::check);
        if (prepared != null && !isAttached()) {
            prepared.addAll(Values.copy(values));
            return;
        }
        List<@Nullable Object> copy = Values.copy(values);
        edit(copy, tx -> doc().editor().push(tx, branch(), copy));
    }

    public void delete(int index, int length) {
        checkRange(index, length, length());
        if (prepared != null) {
            prepared.subList(index, index + length).clear();
            return;
        }
        edit(tx -> doc().editor().delete(tx, branch(), index, length));
    }

    /** The value or type at the index. */
    public @Nullable Object get(int index) {
        checkRange(index, 1, length());
        return prepared != null ? prepared.get(index) : Sequences.get(this, index);
    }

    /** All values and types, in order. */
    public List<@Nullable Object> toList() {
        return Collections.unmodifiableList(prepared != null ? new ArrayList<>(prepared) : Sequences.list(this));
    }

    @Override
    public Object toJson() {
        return PlainValues.of(this);
    }
}
