package ai.materi.crdt;

/**
 * Bytes that are not what they claim to be: an update, a state vector, a delete set or a relative position that cannot
 * be read, that breaks a rule of the format, or that is over a stated bound. Whoever throws it has changed nothing.
 */
public final class MalformedUpdateException extends RuntimeException {
    private final boolean overBudget;

    MalformedUpdateException(String message) {
        this(message, false);
    }

    private MalformedUpdateException(String message, boolean overBudget) {
        super(message);
        this.overBudget = overBudget;
    }

    MalformedUpdateException(String message, Throwable cause) {
        super(message, cause);
        this.overBudget = false;
    }

    static MalformedUpdateException overBudget(int budget) {
        return new MalformedUpdateException("more than " + budget + " structs and deleted ranges in one update", true);
    }

    /** Where only what was left of the budget is known. */
    static MalformedUpdateException overBudget() {
        return new MalformedUpdateException("more structs and deleted ranges in one update than allowed", true);
    }

    /** Whether all that was wrong up to there is the number of structs and deleted ranges. */
    public boolean isOverBudget() {
        return overBudget;
    }
}
