package ai.materi.crdt;

import org.jspecify.annotations.Nullable;

/** Two engines disagree, or one of them broke. */
final class Divergence extends AssertionError {
    private static final long serialVersionUID = 1;

    private final int operation;
    private final String kind;

    /**
     * @param operation the number of the operation at which it was seen
     * @param kind in what they disagree, the same for all histories
     */
    Divergence(int operation, String kind, String what, @Nullable Throwable cause) {
        super("operation " + operation + ", " + kind + ": " + what, cause);
        this.operation = operation;
        this.kind = kind;
    }

    int operation() {
        return operation;
    }

    boolean isLike(Divergence other) {
        return kind.equals(other.kind);
    }
}
