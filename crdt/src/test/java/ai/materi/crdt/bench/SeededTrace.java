package ai.materi.crdt.bench;

import ai.materi.crdt.tool.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * An editing trace that a seed makes, with the measures of the one of Martin Kleppmann's paper (B4 of crdt-benchmarks): one
 * author, an edit a character; typing and deleting in runs of which few are long; a cursor that jumps before every second
 * run, seldom far.
 */
final class SeededTrace {
    static final int EDITS = 260_000;
    static final long SEED = 1;
    private static final String LETTERS = "eeeetttaaoinshrdlu      ,.\n";

    private final Random random;
    private final StringBuilder text = new StringBuilder();
    private final List<Trace.Transaction> transactions;
    private int cursor;

    private SeededTrace(long seed, int edits) {
        random = new Random(seed);
        transactions = new ArrayList<>(edits);
    }

    static Trace of(long seed, int edits) {
        SeededTrace made = new SeededTrace(seed, edits);
        while (made.transactions.size() < edits) {
            made.run(edits - made.transactions.size());
        }
        return new Trace("", made.text.toString(), 1, made.transactions);
    }

    private void run(int most) {
        if (random.nextBoolean()) {
            jump();
        }
        if (random.nextDouble() < 0.59) {
            type(Math.min(most, length(9, 1.53, 1_400)));
        } else {
            delete(Math.min(most, length(2, 2.08, 5_900)));
        }
    }

    private void jump() {
        boolean far = random.nextInt(10) == 0;
        int target =
                far ? random.nextInt(text.length() + 1) : cursor + (int) StrictMath.round(300 * random.nextGaussian());
        cursor = Math.max(0, Math.min(text.length(), target));
    }

    /** Of a log-normal distribution. */
    private int length(double median, double deviation, int most) {
        return (int) Math.max(1, Math.min(most, median * StrictMath.exp(deviation * random.nextGaussian())));
    }

    private void type(int length) {
        for (int i = 0; i < length; i++) {
            char letter = LETTERS.charAt(random.nextInt(LETTERS.length()));
            text.insert(cursor, letter);
            edit(cursor++, 0, String.valueOf(letter));
        }
    }

    /** Backwards, as the key does, or forwards, as a cut does. */
    private void delete(int length) {
        boolean backwards = random.nextInt(5) > 0;
        for (int i = 0; i < length && (backwards ? cursor > 0 : cursor < text.length()); i++) {
            cursor -= backwards ? 1 : 0;
            text.deleteCharAt(cursor);
            edit(cursor, 1, "");
        }
    }

    private void edit(int position, int deleted, String inserted) {
        transactions.add(
                new Trace.Transaction(0, List.of(), List.of(new Trace.Patch(position, deleted, inserted, true))));
    }
}
