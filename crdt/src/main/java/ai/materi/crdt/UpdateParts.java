package ai.materi.crdt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Cuts an update into smaller ones that, applied one after the other, place what the whole would have placed: structs in
 * causal order, then the deletions, and last what waits for something that is neither known nor in the update.
 */
final class UpdateParts {
    private static final int RANGES = 4_096;

    private final DecodedUpdate u;
    private final StateVector known;
    private final int structs;
    private final int bytes;
    private final List<byte[]> parts = new ArrayList<>();
    private final Map<Long, Integer> sectionOf = new HashMap<>();
    /** The next struct of each section, and the first that is in no part yet. */
    private final int[] cursor;

    private final int[] written;
    /** The clocks that each author has reached. */
    private final long[] state;
    /** Sections that wait for something. */
    private final boolean[] stuck;

    private final boolean[] onStack;
    private final int[] stack;
    private int depth;
    /** Sections with structs in the part that is being gathered. */
    private final List<Integer> touched = new ArrayList<>();

    private int gathered;
    private int gatheredBytes;

    private UpdateParts(DecodedUpdate update, StateVector known, int structs, int bytes) {
        this.u = update;
        this.known = known;
        this.structs = structs;
        this.bytes = bytes;
        this.cursor = Arrays.copyOf(u.sectionStart, u.sections);
        this.written = Arrays.copyOf(u.sectionStart, u.sections);
        this.state = new long[u.sections];
        this.stuck = new boolean[u.sections];
        this.onStack = new boolean[u.sections];
        this.stack = new int[u.sections];
        for (int s = 0; s < u.sections; s++) {
            sectionOf.put(u.sectionClient[s], s);
            state[s] = known.get(u.sectionClient[s]);
        }
    }

    static List<byte[]> of(byte[] update, StateVector known, int structs, int bytes, int budget) {
        UpdateParts parts = new UpdateParts(new DecodedUpdate().read(update, budget), known, structs, bytes);
        parts.cut();
        return parts.parts;
    }

    private void cut() {
        for (int s = u.sections - 1; s >= 0; s--) {
            while (!isUsedUp(s)) {
                walk(s);
            }
        }
        flush();
        deletions();
        for (int s = u.sections - 1; s >= 0; s--) {
            if (cursor[s] < u.sectionEnd[s]) {
                touched.add(s);
                cursor[s] = u.sectionEnd[s];
            }
        }
        flush();
    }

    /** Takes the next struct of a section, and before it what it builds on. */
    private void walk(int section) {
        push(section);
        while (depth > 0) {
            int s = stack[depth - 1];
            if (isUsedUp(s)) {
                pop();
                continue;
            }
            int i = cursor[s];
            long lacking = lacking(i, s);
            if (lacking == StructCursor.ABSENT) {
                take(i, s);
                pop();
                continue;
            }
            int other = lacking == u.sectionClient[s] ? -1 : sectionOf.getOrDefault(lacking, -1);
            if (other < 0 || onStack[other] || isUsedUp(other)) {
                stuck[s] = true;
                pop();
            } else {
                push(other);
            }
        }
    }

    private void push(int section) {
        onStack[section] = true;
        stack[depth++] = section;
    }

    private void pop() {
        onStack[stack[--depth]] = false;
    }

    private boolean isUsedUp(int section) {
        return stuck[section] || cursor[section] >= u.sectionEnd[section];
    }

    /** An author of whom something is needed that is not there yet, or absent. */
    private long lacking(int i, int section) {
        if (u.isSkip(i)) {
            return StructCursor.ABSENT;
        }
        long author = u.sectionClient[section];
        if (u.clock[i] > state[section]) {
            return author;
        }
        if (u.isGc(i)) {
            return StructCursor.ABSENT;
        }
        long origin = u.namesRoot(i) ? StructCursor.ABSENT : u.originClient[i];
        if (isAhead(origin, u.originClock[i], author)) {
            return origin;
        }
        long right = u.rightClient[i];
        return isAhead(right, u.rightClock[i], author) ? right : StructCursor.ABSENT;
    }

    private boolean isAhead(long client, int clock, long author) {
        if (client == StructCursor.ABSENT || client == author) {
            return false;
        }
        int section = sectionOf.getOrDefault(client, -1);
        return clock >= (section < 0 ? known.get(client) : state[section]);
    }

    private void take(int i, int section) {
        if (cursor[section] == written[section]) {
            touched.add(section);
        }
        cursor[section]++;
        if (!u.isSkip(i)) {
            state[section] = Math.max(state[section], (long) u.clock[i] + u.len[i]);
        }
        gathered++;
        gatheredBytes += u.end[i] - u.start[i];
        if (gathered >= structs || gatheredBytes >= bytes) {
            flush();
        }
    }

    /** What was taken since the last part becomes one. */
    private void flush() {
        if (touched.isEmpty()) {
            return;
        }
        touched.sort((a, b) -> Integer.compare(b, a));
        ByteWriter out = new ByteWriter(gatheredBytes + 64);
        out.varUint(touched.size());
        for (int s : touched) {
            out.varUint((long) cursor[s] - written[s]);
            out.varUint(u.sectionClient[s]);
            out.varUint(u.clock[written[s]]);
            for (int i = written[s]; i < cursor[s]; i++) {
                u.write(out, i);
            }
            written[s] = cursor[s];
        }
        out.varUint(0);
        parts.add(out.toByteArray());
        touched.clear();
        gathered = 0;
        gatheredBytes = 0;
    }

    private void deletions() {
        DeleteRanges part = new DeleteRanges();
        for (int g = 0; g < u.deletes.groups(); g++) {
            int from = u.deletes.groupStart(g);
            while (from < u.deletes.groupEnd(g)) {
                int to = Math.min(u.deletes.groupEnd(g), from + RANGES - part.size());
                for (int r = from; r < to; r++) {
                    part.addRange(u.deletes.clock(r), (long) u.deletes.clock(r) + u.deletes.len(r));
                }
                part.closeGroup(u.deletes.client(g));
                from = to;
                if (part.size() == RANGES) {
                    parts.add(Integrator.encodeDeletes(part));
                    part = new DeleteRanges();
                }
            }
        }
        if (!part.isEmpty()) {
            parts.add(Integrator.encodeDeletes(part));
        }
    }
}
