package ai.materi.crdt;

/**
 * One thing that happens in a {@link History}. All it decides, it decides by a seed of its own and by what the documents are
 * when it comes: it fits wherever it stands, also where what stood before it was left out.
 *
 * @param peer to whom it happens
 * @param size how many edits a transaction has, or how many updates are delivered; at least 1
 */
record Operation(Kind kind, int peer, long seed, int size) {
    /** What can happen, each as often as it says. */
    enum Kind {
        EDIT(24),
        DELIVER(10),
        /** One peer sends another what it lacks, or only some of it. */
        SYNCHRONISE(2),
        /** Updates on their way are merged, and perhaps cut. */
        MERGE(2),
        POSITION(1),
        OBSERVE(1),
        /** A peer loses its connection and what was on its way to it, or comes back and synchronises. */
        RECONNECT(1),
        /** A peer goes on from its stored state, mostly as another client. */
        RELOAD(1),
        UNDO(6),
        REDO(3),
        /** A peer forgets steps to undo, captures others, or begins a new one. */
        MANAGE(1);

        final int weight;

        Kind(int weight) {
            this.weight = weight;
        }
    }

    Operation withSize(int smaller) {
        return new Operation(kind, peer, seed, smaller);
    }
}
