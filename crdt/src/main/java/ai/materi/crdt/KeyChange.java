package ai.materi.crdt;

import org.jspecify.annotations.Nullable;

/**
 * What a transaction did to one entry of a map or one attribute.
 *
 * @param oldValue the value before: a type is a deleted one and empty; null after {@link Action#ADD}
 */
public record KeyChange(Action action, @Nullable Object oldValue) {
    /** How the entry before and after compare. */
    public enum Action {
        /** There was none before. */
        ADD,
        /** There was another. */
        UPDATE,
        /** There is none any more. */
        DELETE
    }
}
