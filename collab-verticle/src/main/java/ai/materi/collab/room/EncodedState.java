package ai.materi.collab.room;

import ai.materi.collab.frame.SharedState;
import ai.materi.crdt.Updates;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All of a document at one moment, encoded, or in parts that make it up. May be used on any thread. */
public final class EncodedState {
    private final @Nullable SharedState base;
    private final List<byte[]> since;
    private byte @Nullable [] bytes;

    private EncodedState(@Nullable SharedState base, List<byte[]> since, byte @Nullable [] bytes) {
        this.base = base;
        this.since = since;
        this.bytes = bytes;
    }

    /**
     * A state that is encoded already.
     *
     * @param bytes Yjs update format v1
     */
    public static EncodedState of(byte[] bytes) {
        return new EncodedState(null, List.of(), bytes);
    }

    /** @param since updates that came after, in format v1 */
    static EncodedState of(SharedState base, List<byte[]> since) {
        return new EncodedState(base, since, null);
    }

    /** One update in Yjs format v1. Takes time, the first time: not for an event loop. */
    public synchronized byte[] bytes() {
        byte[] known = bytes;
        if (known == null && base != null) {
            known = base.toBytes();
            if (!since.isEmpty()) {
                List<byte[]> all = new ArrayList<>(since.size() + 1);
                all.add(known);
                all.addAll(since);
                known = Updates.merge(all, Integer.MAX_VALUE);
            }
            bytes = known;
        }
        if (known == null) {
            throw new IllegalStateException("neither bytes nor parts");
        }
        return known;
    }
}
