package ai.materi.crdt;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One step of a rich text or of a change to it, as Quill and yjs write them. */
public sealed interface Delta {
    /**
     * Content: a {@code String}, an embed ({@code Map}, {@code List} or a scalar) or a {@link YType}.
     *
     * @param attributes the formatting; empty when there is none
     */
    record Insert(Object insert, Map<String, @Nullable Object> attributes) implements Delta {
        public Insert(Object insert) {
            this(insert, Map.of());
        }
    }

    /**
     * Passes over {@code length} units; attributes format them, and a null among these ends a format.
     */
    record Retain(int length, Map<String, @Nullable Object> attributes) implements Delta {
        public Retain(int length) {
            this(length, Map.of());
        }
    }

    /** Deletes {@code length} units. */
    record Delete(int length) implements Delta {}
}
