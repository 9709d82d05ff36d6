package ai.materi.crdt.tool;

/** A file that does not hold what it should. */
public final class BadDataException extends RuntimeException {
    private static final long serialVersionUID = 1;

    BadDataException(String message) {
        super(message);
    }
}
