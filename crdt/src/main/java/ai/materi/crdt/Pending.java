package ai.materi.crdt;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was received but cannot be placed yet, because something that it builds on has not come. yjs keeps it in format v2,
 * which shows in what becomes of half surrogate pairs.
 */
final class Pending {
    /** Structs, as an update without deletions; half surrogate pairs may stand in its text in their generalized form. */
    byte @Nullable [] structs;
    /** For each client that is missing, the lowest clock that would help. */
    final Map<Long, Integer> missing = new LinkedHashMap<>(0);
    /** Deletions of unknown units, as an update without structs. */
    byte @Nullable [] deletes;

    Pending() {}

    private Pending(Pending other) {
        restore(other);
    }

    /** The same at this moment. */
    Pending copy() {
        return new Pending(this);
    }

    /** As it was when it was copied. */
    void restore(Pending copy) {
        structs = copy.structs;
        deletes = copy.deletes;
        missing.clear();
        missing.putAll(copy.missing);
    }

    int bytes() {
        byte[] waitingStructs = structs;
        byte[] waitingDeletes = deletes;
        return (waitingStructs == null ? 0 : waitingStructs.length)
                + (waitingDeletes == null ? 0 : waitingDeletes.length);
    }

    boolean isEmpty() {
        return structs == null && deletes == null;
    }

    void addStructs(byte[] update, Map<Long, Integer> updateMissing) {
        byte[] more = FormatV2.settled(update);
        structs = structs == null
                ? more
                : FormatV2.settled(UpdateMerger.merge(List.of(structs, more), Integer.MAX_VALUE, true));
        updateMissing.forEach((client, clock) -> missing.merge(client, clock, Math::min));
    }

    void forgetStructs() {
        structs = null;
        missing.clear();
    }
}
