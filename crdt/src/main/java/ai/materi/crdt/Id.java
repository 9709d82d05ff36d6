package ai.materi.crdt;

/**
 * The name of one unit of content, for good: who inserted it and as their how-manieth unit. A type is named by the id
 * of the item that holds it.
 *
 * @param client the author's client id, 0 to 2^53-1
 * @param clock the author's clock, 0 to 2^31-1, counted in units (a UTF-16 code unit, a value, a type)
 */
public record Id(long client, long clock) {
    /** Reads the form that {@link #toString()} writes; throws {@link IllegalArgumentException} for anything else. */
    public static Id parse(String text) {
        int colon = text.indexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException("not an id: expected client:clock");
        }
        try {
            long client = Long.parseLong(text, 0, colon, 10);
            long clock = Long.parseLong(text, colon + 1, text.length(), 10);
            if (client < 0 || clock < 0) {
                throw new IllegalArgumentException("not an id: negative part");
            }
            return new Id(client, clock);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not an id: expected client:clock", e);
        }
    }

    @Override
    public String toString() {
        return client + ":" + clock;
    }
}
