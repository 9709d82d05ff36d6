package ai.materi.collab.room;

/** Where things are done one after the other, by one thread at a time. */
public interface Loop {
    /** Now, when called by what this loop is doing; else in its turn. Calls from one thread keep their order. */
    void run(Runnable task);

    /** In its turn, even when called by what this loop is doing. */
    void post(Runnable task);
}
