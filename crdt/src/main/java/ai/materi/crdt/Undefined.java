package ai.materi.crdt;

/** JavaScript's {@code undefined} where a value may hold it: distinct from {@code null}, which Java already has. */
public enum Undefined {
    INSTANCE;

    @Override
    public String toString() {
        return "undefined";
    }
}
