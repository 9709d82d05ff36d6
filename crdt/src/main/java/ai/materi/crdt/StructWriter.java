package ai.materi.crdt;

/** Writes structs that stand in received bytes into another update, whole or from a unit within. */
final class StructWriter {
    private StructWriter() {}

    /**
     * Writes the struct under a cursor without its first {@code offset} units. The flag for a key is dropped where the key
     * itself is not on the wire (beside an origin), as yjs does when it passes updates on without a document.
     */
    static void write(ByteWriter out, StructCursor s, int offset) {
        if (!s.isItem()) {
            out.u8(s.isSkip() ? Items.SKIP : Items.GC);
            out.varUint(s.len - offset);
        } else if (offset == 0) {
            writeItem(out, s.info, s.in.buf, s.start, s.contentAt, s.end);
        } else {
            writeTail(out, s, offset);
        }
    }

    /** Copies an item; of a sub-document's options, those that yjs knows. */
    static void writeItem(ByteWriter out, int info, byte[] buf, int start, int contentAt, int end) {
        out.u8(keyFlag(info));
        if ((info & StructCursor.REF) == Items.DOC) {
            out.bytes(buf, start + 1, contentAt - start - 1);
            SubDocument.read(new ByteReader(buf, contentAt, end)).write(out);
        } else {
            out.bytes(buf, start + 1, end - start - 1);
        }
    }

    /** The info byte of an item that is passed on from its bytes. */
    static int keyFlag(int info) {
        boolean dependent = (info & (StructCursor.HAS_ORIGIN | StructCursor.HAS_RIGHT_ORIGIN)) != 0;
        return dependent ? info & ~StructCursor.HAS_KEY : info;
    }

    private static void writeTail(ByteWriter out, StructCursor s, int offset) {
        out.u8(keyFlag(s.info) | StructCursor.HAS_ORIGIN);
        out.varUint(s.client);
        out.varUint((long) s.clock + offset - 1);
        if (s.rightClient != StructCursor.ABSENT) {
            out.varUint(s.rightClient);
            out.varUint(s.rightClock);
        }
        int ref = s.info & StructCursor.REF;
        int size = s.end - s.contentAt;
        switch (ref) {
            case Items.DELETED_CONTENT -> out.varUint(s.len - offset);
            case Items.STRING -> writeTextTail(out, s.in.buf, s.contentAt, size, offset, s.loose);
            case Items.ANY, Items.JSON -> {
                out.varUint(s.len - offset);
                int skipped = skipValues(s, ref, offset);
                out.bytes(s.in.buf, s.contentAt + skipped, size - skipped);
            }
            default -> throw new IllegalStateException("content of one unit cannot be sliced");
        }
    }

    private static int skipValues(StructCursor s, int ref, int count) {
        ByteReader in = new ByteReader(s.in.buf, s.contentAt, s.end);
        for (int i = 0; i < count; i++) {
            if (ref == Items.ANY) {
                AnyCodec.skip(in);
            } else {
                in.skipBytes();
            }
        }
        return in.pos - s.contentAt;
    }

    /** Text from a code unit on. Half a pair is written as U+FFFD, or in its generalized form where that may be. */
    static void writeTextTail(ByteWriter out, byte[] buf, int at, int size, int units, boolean loose) {
        int offset = Utf8.offsetOf(buf, at, size, units);
        if (offset >= 0) {
            out.varBytes(buf, at + offset, size - offset);
            return;
        }
        int pair = at + ~offset;
        int rest = at + size - pair - 4;
        out.varUint(rest + 3L);
        out.u8(loose ? 0xED : 0xEF);
        out.u8(loose ? 0xB0 | (buf[pair + 2] & 0x0F) : 0xBF);
        out.u8(loose ? buf[pair + 3] & 0xFF : 0xBD);
        out.bytes(buf, pair + 4, rest);
    }
}
