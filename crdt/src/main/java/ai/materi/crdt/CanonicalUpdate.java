package ai.materi.crdt;

/**
 * An update (format v1) in which every integer takes as few bytes as it can and every value stands as JavaScript writes it:
 * numbers in their shortest form, the keys of an object once each and array indices first, JSON as {@code JSON.stringify}
 * prints it. yjs decodes values and writes them so whatever form they came in; here bytes are kept, and written anew only
 * where {@link StructCursor#isCanonical()} says that they are others.
 */
final class CanonicalUpdate {
    private final StructCursor s;
    private final ByteWriter structs;

    private CanonicalUpdate(byte[] update, boolean loose) {
        s = new StructCursor(update, Integer.MAX_VALUE, loose);
        structs = new ByteWriter(update.length);
    }

    /**
     * Writes it anew. Its sections stay what they are, but for those without a struct.
     *
     * @param update was read whole before
     * @param loose whether half surrogate pairs may stand in its text in their generalized form
     */
    static byte[] of(byte[] update, boolean loose) {
        return new CanonicalUpdate(update, loose).written();
    }

    private byte[] written() {
        int sections = 0;
        while (s.next()) {
            if (s.isFirstOfSection) {
                sections++;
                structs.varUint(s.structsOfSection());
                structs.varUint(s.client);
                structs.varUint(s.clock);
            }
            struct();
        }
        ByteWriter out = new ByteWriter(structs.size() + s.in.end - s.in.pos + 5);
        out.varUint(sections);
        out.bytes(structs.buffer(), 0, structs.size());
        out.bytes(s.in.buf, s.in.pos, s.in.end - s.in.pos);
        return out.toByteArray();
    }

    private void struct() {
        structs.u8(s.info);
        if (!s.isItem()) {
            structs.varUint(s.len);
            return;
        }
        origins();
        content(new ByteReader(s.in.buf, s.contentAt, s.end));
    }

    private void origins() {
        if (s.originClient != StructCursor.ABSENT) {
            id(s.originClient, s.originClock);
        }
        if (s.rightClient != StructCursor.ABSENT) {
            id(s.rightClient, s.rightClock);
        }
        if (s.nameLength >= 0) {
            structs.u8(1);
            structs.varBytes(s.in.buf, s.nameAt, s.nameLength);
        } else if (s.parentClient != StructCursor.ABSENT) {
            structs.u8(0);
            id(s.parentClient, s.parentClock);
        }
        if (s.keyLength >= 0) {
            structs.varBytes(s.in.buf, s.keyAt, s.keyLength);
        }
    }

    private void id(long client, int clock) {
        structs.varUint(client);
        structs.varUint(clock);
    }

    private void content(ByteReader in) {
        switch (s.info & StructCursor.REF) {
            case Items.DELETED_CONTENT -> structs.varUint(s.len);
            case Items.STRING -> structs.varBytes(in.buf, in.pos, in.end - in.pos);
            case Items.BINARY -> string(in);
            case Items.JSON -> {
                structs.varUint(s.len);
                for (int i = 0; i < s.len; i++) {
                    jsonOrUndefined(in);
                }
            }
            case Items.ANY -> {
                structs.varUint(s.len);
                for (int i = 0; i < s.len; i++) {
                    any(in);
                }
            }
            case Items.EMBED -> json(in.string());
            case Items.FORMAT -> {
                string(in);
                json(in.string());
            }
            case Items.TYPE -> {
                structs.varUint(in.varUint());
                if (in.hasContent()) {
                    string(in);
                }
            }
            case Items.DOC -> {
                string(in);
                any(in);
            }
            default -> throw new IllegalStateException("content " + s.info + " of a checked update");
        }
    }

    private void string(ByteReader in) {
        int size = in.skipBytes();
        structs.varBytes(in.buf, in.pos - size, size);
    }

    private void any(ByteReader in) {
        AnyCodec.write(structs, AnyCodec.read(in));
    }

    private void jsonOrUndefined(ByteReader in) {
        String text = in.string();
        if (text.equals(StructCursor.UNDEFINED)) {
            structs.varString(text);
        } else {
            json(text);
        }
    }

    private void json(String text) {
        structs.varString(Json.stringify(Json.parse(text)));
    }
}
