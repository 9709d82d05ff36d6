package ai.materi.crdt.tool;

/** Arguments that are none. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UsageException(String message) {
        super(message);
    }
}
