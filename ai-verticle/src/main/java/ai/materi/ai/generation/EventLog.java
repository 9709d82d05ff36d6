package ai.materi.ai.generation;

import ai.materi.proto.ai.v1.GenerationEvent;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The events of one generation in order, numbered 1, 2, 3 …, with exactly one terminal event, the last. Written by the
 * run's event loop and read by the readers' ones; the locks are held for an access to the list and no longer.
 */
final class EventLog {
    private final List<GenerationEvent> events = new ArrayList<>();
    private final Set<EventStream> readers = new LinkedHashSet<>();
    private boolean complete;

    /** Adds an event with the next number; nothing after a terminal one. */
    void add(GenerationEvent.Builder event) {
        List<EventStream> toWake;
        synchronized (this) {
            if (complete) {
                return;
            }
            events.add(event.setSequence(events.size() + 1).build());
            complete = event.hasDone() || event.hasError() || event.hasCancelled();
            toWake = List.copyOf(readers);
        }
        toWake.forEach(EventStream::wake);
    }

    synchronized int size() {
        return events.size();
    }

    synchronized GenerationEvent get(int index) {
        return events.get(index);
    }

    synchronized boolean complete() {
        return complete;
    }

    synchronized void join(EventStream reader) {
        readers.add(reader);
    }

    synchronized void leave(EventStream reader) {
        readers.remove(reader);
    }
}
