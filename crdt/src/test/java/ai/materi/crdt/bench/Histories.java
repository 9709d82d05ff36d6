package ai.materi.crdt.bench;

import ai.materi.crdt.Doc;
import ai.materi.crdt.YText;
import ai.materi.crdt.tool.Trace;
import java.util.List;

/** States too large to come about edit by edit in a benchmark's time: made in large transactions, which end the same. */
final class Histories {
    private static final int BATCH = 1_000;

    private Histories() {}

    /** What one author wrote who made the edits of the trace over and over, each time in front of what was there. */
    static byte[] repeated(Trace trace, int times) {
        Doc doc = new Doc(1);
        YText text = doc.text(Workload.ROOT);
        List<Trace.Transaction> edits = trace.transactions();
        for (int round = 0; round < times; round++) {
            make(text, new Trace.Patch(0, 0, trace.startContent(), true));
            for (int from = 0; from < edits.size(); from += BATCH) {
                List<Trace.Transaction> batch = edits.subList(from, Math.min(edits.size(), from + BATCH));
                doc.transact(null, tx -> batch.forEach(one -> one.patches().forEach(patch -> make(text, patch))));
            }
        }
        return doc.encodeState();
    }

    private static void make(YText text, Trace.Patch patch) {
        if (patch.deleted() > 0) {
            text.delete(patch.position(), patch.deleted());
        }
        if (!patch.inserted().isEmpty()) {
            text.insert(patch.position(), patch.inserted());
        }
    }

    /** A text of which runs of deleted characters are left, each run before a character that is still there. */
    static byte[] deleted(int runs, int runLength) {
        Doc doc = new Doc(1);
        YText text = doc.text(Workload.ROOT);
        text.insert(0, ("d".repeat(runLength) + "a").repeat(runs));
        for (int from = 0; from < runs; from += BATCH) {
            int first = from;
            int last = Math.min(runs, from + BATCH);
            doc.transact(null, tx -> {
                for (int run = first; run < last; run++) {
                    text.delete(run, runLength);
                }
            });
        }
        return doc.encodeState();
    }
}
