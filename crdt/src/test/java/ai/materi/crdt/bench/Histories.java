package ai.materi.crdt.bench;

import ai.materi.crdt.Doc;
import ai.materi.crdt.YText;
import ai.materi.crdt.tool.Trace;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** States too large to come about in a benchmark's time with an update an edit. */
final class Histories {
    private static final int BATCH = 1_000;
    private static final byte[] ROOT = Workload.ROOT.getBytes(StandardCharsets.UTF_8);
    private static final int CLIENT = 1;
    private static final int DELETED = 1;
    private static final int STRING = 4;
    private static final int AFTER = 0x80;

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

    /**
     * What one author left who typed runs of characters and deleted each of them, but for one that follows it. Written
     * in format v1 as it stands: all structs in the order of their clocks, each after the one before, then the deletions.
     */
    static byte[] deleted(int runs, int runLength) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        put(out, 1, 2 * runs, CLIENT, 0);
        for (int run = 0; run < runs; run++) {
            int clock = run * (runLength + 1);
            if (run == 0) {
                out.write(DELETED);
                put(out, 1, ROOT.length);
                out.writeBytes(ROOT);
            } else {
                out.write(DELETED | AFTER);
                put(out, CLIENT, clock - 1);
            }
            put(out, runLength);
            out.write(STRING | AFTER);
            put(out, CLIENT, clock + runLength - 1, 1, 'a');
        }
        put(out, 1, CLIENT, runs);
        for (int run = 0; run < runs; run++) {
            put(out, run * (runLength + 1), runLength);
        }
        return out.toByteArray();
    }

    /** Numbers of variable length, seven bits a byte, the lowest first. */
    private static void put(ByteArrayOutputStream out, int... numbers) {
        for (int number : numbers) {
            int rest = number;
            for (; rest >= 0x80; rest >>>= 7) {
                out.write(rest | 0x80);
            }
            out.write(rest);
        }
    }
}
