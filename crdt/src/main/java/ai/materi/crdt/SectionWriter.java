package ai.materi.crdt;

/**
 * The structs of an update in sections of one client each, when nobody knows yet how many there will be: a section is closed
 * with its count as soon as another client follows.
 */
final class SectionWriter {
    private final ByteWriter closed = new ByteWriter(256);
    /** Where the structs of the present section go. */
    final ByteWriter section = new ByteWriter(256);

    private int sections;
    private int structs;
    private long client;

    /** Counts a struct of the client that is about to be written; answers whether a section begins with it. */
    boolean begins(long of) {
        if (client != of) {
            close();
        }
        client = of;
        return structs++ == 0;
    }

    private void close() {
        if (structs > 0) {
            sections++;
            closed.varUint(structs);
            closed.bytes(section.buffer(), 0, section.size());
            section.clear();
            structs = 0;
        }
    }

    /** Writes all sections behind their number. */
    void finish(ByteWriter out) {
        out.varUint(structs > 0 ? sections + 1 : sections);
        out.bytes(closed.buffer(), 0, closed.size());
        if (structs > 0) {
            out.varUint(structs);
            out.bytes(section.buffer(), 0, section.size());
        }
    }

    int size() {
        return closed.size() + section.size();
    }
}
