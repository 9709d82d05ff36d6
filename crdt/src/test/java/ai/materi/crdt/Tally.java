package ai.materi.crdt;

/**
 * How much was done: histories, transactions in them, and values compared between engines.
 *
 * @param broken histories that ended before their time because yjs broke
 * @param passedOver values that were not compared because a difference is known
 */
record Tally(long histories, long broken, long transactions, long comparisons, long passedOver) {
    static final Tally NONE = new Tally(0, 0, 0, 0, 0);

    Tally plus(Tally other) {
        return new Tally(
                histories + other.histories,
                broken + other.broken,
                transactions + other.transactions,
                comparisons + other.comparisons,
                passedOver + other.passedOver);
    }

    @Override
    public String toString() {
        return transactions + " transactions in " + histories + " histories (" + broken
                + " ended early because yjs broke), " + comparisons + " comparisons (" + passedOver + " passed over)";
    }
}
