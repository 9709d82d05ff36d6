package ai.materi.crdt;

/** Writes an update struct by struct. */
final class LazyWriter {
    private final SectionWriter sections = new SectionWriter();

    private ByteWriter open(long of, int clock) {
        ByteWriter out = sections.section;
        if (sections.begins(of)) {
            out.varUint(of);
            out.varUint(clock);
        }
        return out;
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

    byte[] finish(DeleteSet deletes) {
        ByteWriter out = new ByteWriter(sections.size() + 64);
        sections.finish(out);
        deletes.write(out);
        return out.toByteArray();
    }
}
