package ai.materi.crdt;

/** A listener's place; closing it ends the calls. */
public interface Registration extends AutoCloseable {
    @Override
    void close();
}
