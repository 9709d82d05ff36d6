package ai.materi.crdt;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Who is told of changes of one type, and of changes in and below it. */
final class Observers {
    private final List<Consumer<YEvent>> own = new ArrayList<>(1);
    private final List<Consumer<List<YEvent>>> deep = new ArrayList<>(1);

    Registration add(YType type, Consumer<YEvent> listener) {
        return register(own, type, listener);
    }

    Registration addDeep(YType type, Consumer<List<YEvent>> listener) {
        return register(deep, type, listener);
    }

    private static <T> Registration register(List<Consumer<T>> among, YType type, Consumer<T> listener) {
        among.add(listener);
        type.watch(1);
        return new Place<>(among, type, listener);
    }

    private static final class Place<T> implements Registration {
        private final List<Consumer<T>> among;
        private final YType type;
        private final Consumer<T> listener;
        private boolean closed;

        Place(List<Consumer<T>> among, YType type, Consumer<T> listener) {
            this.among = among;
            this.type = type;
            this.listener = listener;
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                among.remove(listener);
                type.watch(-1);
            }
        }
    }

    /** A copy: whom a listener adds or removes counts from the next transaction on. */
    List<Consumer<YEvent>> own() {
        return List.copyOf(own);
    }

    /** A copy, likewise. */
    List<Consumer<List<YEvent>>> deep() {
        return List.copyOf(deep);
    }

    int count() {
        return own.size() + deep.size();
    }
}
