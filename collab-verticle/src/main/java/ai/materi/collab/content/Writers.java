package ai.materi.collab.content;

import org.jspecify.annotations.Nullable;

/** Who wrote and who deleted the units of a document, by their Yjs ids. */
public interface Writers {
    /**
     * What holds of a unit and of those of its client that follow it.
     *
     * @param by null when nobody is known to have done it
     * @param until the first clock of which it may not hold any more
     */
    record Known(@Nullable Written by, long until) {}

    Known wrote(long client, long clock);

    Known deleted(long client, long clock);
}
