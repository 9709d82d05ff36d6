package ai.materi.crdt;

/** yjs itself cannot go on, in a way that is known: there is nothing to compare any more. */
final class YjsBroke extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int operation;

    YjsBroke(int operation, String how) {
        super(how);
        this.operation = operation;
    }

    int operation() {
        return operation;
    }
}
