package ai.materi.crdt;

import org.jspecify.annotations.Nullable;

/** Is told of every transaction that changed something. */
@FunctionalInterface
public interface UpdateListener {
    /**
     * Called once a transaction, after it is complete.
     *
     * @param update what changed, in the format that was asked for; the listener may keep it and must not write to it
     * @param origin what the one who began the transaction passed along
     * @param local false when the change was received rather than made here
     */
    void onUpdate(byte[] update, @Nullable Object origin, boolean local);
}
