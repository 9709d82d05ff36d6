package ai.materi.crdt.tool;

import ai.materi.crdt.Doc;
import ai.materi.crdt.YText;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Replays an editing trace: {@code {"startContent", "endContent", "txns": [{"patches": [[position, deleted, "inserted"], …]}]}},
 * and where several wrote at once, with {@code "numAgents"} and {@code "parents"} and {@code "agent"} of each transaction.
 * Positions count code points. A reader gets every update as a relay would.
 */
public final class Replay {
    private final PrintStream out;

    Replay(PrintStream out) {
        this.out = out;
    }

    /** What one author has: a document, and which transactions are in it. */
    private static final class Agent {
        final Doc doc;
        final YText text;
        final BitSet has = new BitSet();
        byte[] last = {};

        Agent(long client) {
            doc = new Doc(client);
            text = doc.text("content");
            doc.onUpdate((update, origin, local) -> last = update);
        }
    }

    void run(Path file) throws IOException {
        Trace trace = Trace.read(file);
        List<byte[]> updates = new ArrayList<>(trace.transactions().size());
        long begin = System.nanoTime();
        String end = write(trace, updates);
        long written = System.nanoTime();
        Doc reader = new Doc();
        for (byte[] update : updates) {
            reader.applyUpdate(update, null);
        }
        long applied = System.nanoTime();
        byte[] state = reader.encodeState();
        long encoded = System.nanoTime();
        Doc loaded = Doc.of(state);
        String read = loaded.text("content").toString();
        long ended = System.nanoTime();
        if (!end.equals(trace.endContent()) || !read.equals(trace.endContent())) {
            throw new BadDataException("the replay of " + file + " does not end in its endContent");
        }
        out.printf("%s: %,d transactions, ends as it should%n%n", file.getFileName(), updates.size());
        line("make each edit and its update", written - begin, updates.size());
        line("apply each update", applied - written, updates.size());
        line("encode the state", encoded - applied, 0);
        line("load it and read its text", ended - encoded, 0);
        out.printf(
                "%nstate %,d bytes in format v1, %,d in v2; %,d structs; about %,d bytes of heap%n",
                state.length, reader.encodeStateV2().length, loaded.structCount(), loaded.estimatedBytes());
    }

    private void line(String what, long nanos, int count) {
        out.printf("%-32s %10.1f ms", what, nanos / 1e6);
        if (count > 0) {
            out.printf("   %.2f µs each", nanos / 1e3 / count);
        }
        out.println();
    }

    /**
     * Makes every edit as its author, who writes as client 1 and up.
     *
     * @param updates gets the update of each transaction, before them that of the content to start with
     * @return how the text ends, in the root {@code content}
     */
    public static String write(Trace trace, List<byte[]> updates) {
        List<Agent> agents = new ArrayList<>();
        for (int i = 0; i < trace.agents(); i++) {
            agents.add(new Agent(i + 1L));
        }
        if (!trace.startContent().isEmpty()) {
            agents.get(0).text.insert(0, trace.startContent());
            byte[] start = agents.get(0).last;
            agents.forEach(agent -> agent.doc.applyUpdate(start, null));
            updates.add(start);
        }
        int offset = updates.size();
        for (Trace.Transaction transaction : trace.transactions()) {
            Agent agent = agents.get(transaction.agent());
            if (trace.agents() > 1) {
                catchUp(agent, transaction, trace, updates, offset);
            }
            agent.last = new byte[] {0, 0};
            agent.doc.transact(null, tx -> transaction.patches().forEach(patch -> patch(agent.text, patch)));
            agent.has.set(updates.size() - offset);
            updates.add(agent.last);
        }
        Agent first = agents.get(0);
        for (byte[] update : trace.agents() > 1 ? updates : List.<byte[]>of()) {
            first.doc.applyUpdate(update, null);
        }
        return first.text.toString();
    }

    /** Brings an author what a transaction builds on. */
    private static void catchUp(
            Agent agent, Trace.Transaction transaction, Trace trace, List<byte[]> updates, int offset) {
        BitSet missing = new BitSet();
        List<Integer> work = new ArrayList<>(transaction.parents());
        while (!work.isEmpty()) {
            int next = work.remove(work.size() - 1);
            if (!agent.has.get(next) && !missing.get(next)) {
                missing.set(next);
                work.addAll(trace.transactions().get(next).parents());
            }
        }
        missing.stream().forEach(i -> agent.doc.applyUpdate(updates.get(i + offset), null));
        agent.has.or(missing);
    }

    private static void patch(YText text, Trace.Patch patch) {
        int at = patch.position();
        int deleted = patch.deleted();
        if (!patch.isPlain()) {
            String content = text.toString();
            at = content.offsetByCodePoints(0, patch.position());
            deleted = content.offsetByCodePoints(at, patch.deleted()) - at;
        }
        if (deleted > 0) {
            text.delete(at, deleted);
        }
        if (!patch.inserted().isEmpty()) {
            text.insert(at, patch.inserted());
        }
    }
}
