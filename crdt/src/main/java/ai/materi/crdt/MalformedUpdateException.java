package ai.materi.crdt;

/**
 * Bytes that are not what they claim to be: an update, a state vector, a delete set or a relative position that cannot
 * be read, that breaks a rule of the format, or that is over a stated bound. Whoever throws it has changed nothing.
 */
public final class MalformedUpdateException extends RuntimeException {
    MalformedUpdateException(String message) {
        super(message);
    }

    MalformedUpdateException(String message, Throwable cause) {
        super(message, cause);
    }
}
