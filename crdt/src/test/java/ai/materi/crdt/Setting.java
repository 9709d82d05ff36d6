package ai.materi.crdt;

import java.util.List;
import java.util.SplittableRandom;

/**
 * In what a history takes place.
 *
 * @param peers how many, 3 to 8
 * @param repertoire what they edit
 * @param isFollowed by ywasm, which knows neither hooks nor halves of pairs, and cuts client ids to 32 bits
 * @param undoes some peers have undo managers
 * @param wholeDocuments these managers capture all of their documents
 * @param echoes some peers have observers that edit
 */
record Setting(
        int peers,
        RandomEdits.Repertoire repertoire,
        boolean isFollowed,
        boolean undoes,
        boolean wholeDocuments,
        boolean echoes) {
    static Setting of(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int peers = 3 + random.nextInt(6);
        boolean followed = random.nextInt(2) == 0;
        boolean undoes = random.nextInt(2) == 0;
        boolean whole = undoes && random.nextInt(5) == 0;
        boolean echoes = undoes && random.nextInt(4) == 0;
        List<List<Object>> roots =
                undoes && random.nextInt(4) == 0 ? List.of(List.of("map", "map")) : RandomEdits.ROOTS;
        RandomEdits.Alphabet[] alphabets = RandomEdits.Alphabet.values();
        RandomEdits.Alphabet alphabet =
                followed ? RandomEdits.Alphabet.BASIC : alphabets[random.nextInt(alphabets.length)];
        // That a sub-document is deleted is one more transaction in yjs, of nothing: here is where it would be seen.
        boolean subDocuments = !whole && !echoes;
        return new Setting(
                peers,
                new RandomEdits.Repertoire(alphabet, roots, subDocuments, !followed),
                followed,
                undoes,
                whole,
                echoes);
    }

    /** A client id; now and then one that needs more than 32 bits. */
    long client(SplittableRandom random) {
        boolean large = random.nextInt(10) == 0 && !isFollowed;
        return large ? (1L << 52) + random.nextInt(1 << 20) : random.nextLong(1L << 32);
    }
}
