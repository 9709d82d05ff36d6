package ai.materi.crdt;

/**
 * Writes an update struct by struct when nobody knows yet how many there will be: each client's section is closed with
 * its count as soon as another client follows.
 */
final class LazyWriter {
    private final ByteWriter sections = new ByteWriter(256);
    private final ByteWriter section = new ByteWriter(256);
    private int count;
    private int written;
    private long client;

    private ByteWriter open(long of, int clock) {
        if (written > 0 && client != of) {
            flush();
        }
        if (written == 0) {
            client = of;
            section.varUint(of);
            section.varUint(clock);
        }
        written++;
        return section;
    }

    void struct(StructCursor s, int offset) {
        StructWriter.write(open(s.client, s.clock + offset), s, offset);
    }

    /** A GC or skip run that no update holds as such. */
    void run(long of, int clock, int kind, int length) {
        ByteWriter out = open(of, clock);
        out.u8(kind);
        out.varUint(length);
    }

    private void flush() {
        if (written > 0) {
            count++;
            sections.varUint(written);
            sections.bytes(section.buffer(), 0, section.size());
            section.clear();
            written = 0;
        }
    }

    byte[] finish(DeleteSet deletes) {
        flush();
        ByteWriter out = new ByteWriter(sections.size() + 64);
        out.varUint(count);
        out.bytes(sections.buffer(), 0, sections.size());
        deletes.write(out);
        return out.toByteArray();
    }
}
