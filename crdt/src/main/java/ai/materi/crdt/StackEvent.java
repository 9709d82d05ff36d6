package ai.materi.crdt;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What happened to the stacks of an {@link UndoManager}. */
public sealed interface StackEvent {
    /** One of the two stacks. */
    enum Stack {
        UNDO,
        REDO
    }

    /**
     * A transaction became a step of its own.
     *
     * @param stack where the step was put
     * @param origin of the transaction
     * @param changed the types that the transaction changed, and those around them
     */
    record Added(StackItem item, Stack stack, @Nullable Object origin, Set<YType> changed) implements StackEvent {}

    /** A transaction was taken into the last step; parts as in {@link Added}. */
    record Updated(StackItem item, Stack stack, @Nullable Object origin, Set<YType> changed) implements StackEvent {}

    /**
     * A step was undone or redone.
     *
     * @param stack where the step was taken from
     * @param changed the types that this changed, and those around them
     */
    record Popped(StackItem item, Stack stack, Set<YType> changed) implements StackEvent {}

    /** Stacks were emptied. */
    record Cleared(boolean undo, boolean redo) implements StackEvent {}
}
