package ai.materi.crdt;

import java.util.ArrayList;
import java.util.List;

/**
 * Update format v2, which holds the same structs as v1 in columns: clients, clocks, infos, strings, lengths each on their
 * own, run-length coded ({@link RunLength}), and in the rest what has no column. The engine thinks in v1; this translates
 * both ways without building a document.
 *
 * <p>A few bytes of v2 can stand for a million structs. Reading therefore has a budget of structs, and its output is bound
 * by the structs that it has and by the size of the input ({@link #bound}).
 *
 * <p>What has no form in v1 is lost on the way: a formatting value or an embed that is no JSON (bytes, big integers,
 * {@code undefined}) becomes what {@code JSON.stringify} makes of it, and half a surrogate pair in a name U+FFFD.
 */
final class FormatV2 {
    /** A struct's ids and lengths in v1. */
    private static final int BYTES_PER_STRUCT = 48;

    /** An update in format v1. */
    static final class Translated {
        final byte[] update;
        /** Whether half surrogate pairs stand in its text in their generalized form. */
        final boolean isLoose;

        private Translated(byte[] update, boolean isLoose) {
            this.update = update;
            this.isLoose = isLoose;
        }
    }

    private FormatV2() {}

    /** Throws {@link MalformedUpdateException} for bytes that are no update in format v2 or over the budget. */
    static Translated toV1(byte[] update, int budget) {
        return new Reader(update, budget).translate();
    }

    /**
     * The update in format v2.
     *
     * @param passesOn whether the flag for a key goes where the key itself is not on the wire, as in yjs when it converts
     *     an update; where it merges or cuts some, that was done by {@link StructWriter}
     * @param isLoose whether half surrogate pairs may stand in its text
     */
    static byte[] fromV1(byte[] update, boolean passesOn, boolean isLoose, int budget) {
        return fromV1(update, passesOn, isLoose, budget, false);
    }

    private static byte[] fromV1(byte[] update, boolean passesOn, boolean isLoose, int budget, boolean canonical) {
        StructCursor cursor = new StructCursor(update, budget, isLoose);
        Writer writer = new Writer(passesOn);
        while (cursor.next()) {
            writer.struct(cursor);
        }
        if (!cursor.isCanonical() && !canonical) {
            return fromV1(CanonicalUpdate.of(update, isLoose), passesOn, isLoose, budget, true);
        }
        return writer.finish(DeleteRanges.read(cursor.in, cursor.budgetLeft()));
    }

    /**
     * The update as it is after it was in format v2: halves of surrogate pairs that meet in the column of strings stay, as
     * parts of different structs; others become U+FFFD.
     */
    static byte[] settled(byte[] update) {
        StructCursor cursor = new StructCursor(update, Integer.MAX_VALUE, true);
        while (cursor.next()) {
            if ((cursor.info & StructCursor.REF) == Items.STRING
                    && Utf8.hasLoneSurrogate(update, cursor.contentAt, cursor.end - cursor.contentAt)) {
                return toV1(fromV1(update, false, true, Integer.MAX_VALUE), Integer.MAX_VALUE).update;
            }
        }
        return update;
    }

    /** Bytes that the translation of an update may take at most when it has come to so many structs. */
    private static long bound(int bytes, int structs) {
        return 10L * bytes + 65_536 + BYTES_PER_STRUCT * (long) structs;
    }

    private static final class Reader {
        private final ByteReader rest;
        private final RunLength.DiffRunReader keyClocks;
        private final RunLength.UintRunReader clients;
        private final RunLength.DiffRunReader leftClocks;
        private final RunLength.DiffRunReader rightClocks;
        private final RunLength.ByteRunReader infos;
        private final RunLength.StringReader strings;
        private final RunLength.ByteRunReader parentInfos;
        private final RunLength.UintRunReader typeRefs;
        private final RunLength.UintRunReader lengths;
        private final List<String> keys = new ArrayList<>();
        private final ByteWriter out;
        private final int budget;
        private int seen;
        private boolean isLoose;

        Reader(byte[] update, int budget) {
            ByteReader in = new ByteReader(update);
            in.varUint(); // a place for flags, which nothing uses
            keyClocks = new RunLength.DiffRunReader(column(in));
            clients = new RunLength.UintRunReader(column(in));
            leftClocks = new RunLength.DiffRunReader(column(in));
            rightClocks = new RunLength.DiffRunReader(column(in));
            infos = new RunLength.ByteRunReader(column(in));
            strings = new RunLength.StringReader(column(in));
            parentInfos = new RunLength.ByteRunReader(column(in));
            typeRefs = new RunLength.UintRunReader(column(in));
            lengths = new RunLength.UintRunReader(column(in));
            rest = in;
            out = new ByteWriter(update.length + (update.length >> 1) + 16);
            this.budget = budget;
        }

        private static ByteReader column(ByteReader in) {
            int size = in.skipBytes();
            return new ByteReader(in.buf, in.pos - size, in.pos);
        }

        Translated translate() {
            long sections = rest.count(2);
            out.varUint(sections);
            for (long s = 0; s < sections; s++) {
                long structs = rest.varUint();
                out.varUint(structs);
                out.varUint(clients.read());
                out.varUint(rest.varUint());
                for (long i = 0; i < structs; i++) {
                    struct();
                }
            }
            deletes();
            return new Translated(out.toByteArray(), isLoose);
        }

        private void spend() {
            if (++seen > budget) {
                throw MalformedUpdateException.overBudget(budget);
            }
            if (out.size() > bound(rest.buf.length, seen)) {
                throw new MalformedUpdateException(
                        "an update whose " + seen + " structs grow to " + out.size() + " bytes");
            }
        }

        private void struct() {
            spend();
            int info = infos.read();
            out.u8(info);
            if (info == Items.SKIP) {
                out.varUint(rest.varUint());
            } else if ((info & StructCursor.REF) == Items.GC) {
                out.varUint(lengths.read());
            } else {
                origins(info);
                content(info & StructCursor.REF);
            }
        }

        private void origins(int info) {
            if ((info & StructCursor.HAS_ORIGIN) != 0) {
                leftId();
            }
            if ((info & StructCursor.HAS_RIGHT_ORIGIN) != 0) {
                out.varUint(clients.read());
                out.varUint(rightClocks.read());
            }
            if ((info & (StructCursor.HAS_ORIGIN | StructCursor.HAS_RIGHT_ORIGIN)) != 0) {
                return;
            }
            if (parentInfos.read() == 1) {
                out.u8(1);
                out.varString(strings.read());
            } else {
                out.u8(0);
                leftId();
            }
            if ((info & StructCursor.HAS_KEY) != 0) {
                out.varString(strings.read());
            }
        }

        private void leftId() {
            out.varUint(clients.read());
            out.varUint(leftClocks.read());
        }

        private void content(int kind) {
            switch (kind) {
                case Items.DELETED_CONTENT -> out.varUint(lengths.read());
                case Items.JSON -> {
                    int count = count();
                    for (int i = 0; i < count; i++) {
                        spend();
                        out.varString(strings.read());
                    }
                }
                case Items.BINARY -> {
                    int size = rest.skipBytes();
                    out.varBytes(rest.buf, rest.pos - size, size);
                }
                case Items.STRING -> text(strings.read());
                case Items.EMBED -> json();
                case Items.FORMAT -> {
                    out.varString(key());
                    json();
                }
                case Items.TYPE -> type();
                case Items.ANY -> {
                    int count = count();
                    for (int i = 0; i < count; i++) {
                        any();
                    }
                }
                case Items.DOC -> {
                    out.varString(strings.read());
                    any();
                }
                default -> throw new MalformedUpdateException("unknown content " + kind);
            }
        }

        private int count() {
            int count = lengths.readInt31();
            out.varUint(count);
            return count;
        }

        private void text(String text) {
            if (!Utf8.hasLoneSurrogate(text)) {
                out.varString(text);
                return;
            }
            isLoose = true;
            byte[] bytes = new byte[Utf8.encodedLength(text)];
            Utf8.encode(text, bytes, 0, true);
            out.varBytes(bytes, 0, bytes.length);
        }

        private void json() {
            long room = bound(rest.buf.length, seen) - out.size();
            out.varString(Json.ofReceived(AnyCodec.read(rest), (int) Math.max(0, Math.min(room, Integer.MAX_VALUE))));
        }

        private void any() {
            int from = rest.pos;
            AnyCodec.skip(rest);
            out.bytes(rest.buf, from, rest.pos - from);
        }

        private void type() {
            long type = typeRefs.read();
            out.varUint(type);
            if (type == Branch.XML_ELEMENT || type == Branch.XML_HOOK) {
                out.varString(key());
            }
        }

        private String key() {
            int clock = keyClocks.read();
            if (clock < keys.size()) {
                return keys.get(clock);
            }
            String key = strings.read();
            keys.add(key);
            return key;
        }

        private void deletes() {
            DeleteSet.Builder set = new DeleteSet.Builder();
            DeleteRanges.readV2(rest, budget - seen).addTo(set);
            set.build(false).write(out);
        }
    }

    private static final class Writer {
        private final boolean passesOn;
        private final RunLength.DiffRunWriter keyClocks = new RunLength.DiffRunWriter();
        private final RunLength.UintRunWriter clients = new RunLength.UintRunWriter();
        private final RunLength.DiffRunWriter leftClocks = new RunLength.DiffRunWriter();
        private final RunLength.DiffRunWriter rightClocks = new RunLength.DiffRunWriter();
        private final RunLength.ByteRunWriter infos = new RunLength.ByteRunWriter();
        private final RunLength.StringWriter strings = new RunLength.StringWriter();
        private final RunLength.ByteRunWriter parentInfos = new RunLength.ByteRunWriter();
        private final RunLength.UintRunWriter typeRefs = new RunLength.UintRunWriter();
        private final RunLength.UintRunWriter lengths = new RunLength.UintRunWriter();
        private final SectionWriter sections = new SectionWriter();
        private final ByteWriter section = sections.section;
        private int keys;

        Writer(boolean passesOn) {
            this.passesOn = passesOn;
        }

        void struct(StructCursor s) {
            if (sections.begins(s.client)) {
                clients.write(s.client);
                section.varUint(s.clock);
            }
            if (s.isSkip()) {
                infos.write(Items.SKIP);
                section.varUint(s.len);
            } else if (!s.isItem()) {
                infos.write(Items.GC);
                lengths.write(s.len);
            } else {
                infos.write(passesOn ? StructWriter.keyFlag(s.info) : s.info);
                origins(s);
                content(s);
            }
        }

        private void origins(StructCursor s) {
            if (s.originClient != StructCursor.ABSENT) {
                clients.write(s.originClient);
                leftClocks.write(s.originClock);
            }
            if (s.rightClient != StructCursor.ABSENT) {
                clients.write(s.rightClient);
                rightClocks.write(s.rightClock);
            }
            if (s.originClient != StructCursor.ABSENT || s.rightClient != StructCursor.ABSENT) {
                return;
            }
            if (s.nameLength >= 0) {
                parentInfos.write(1);
                strings.write(s.in.buf, s.nameAt, s.nameLength);
            } else {
                parentInfos.write(0);
                clients.write(s.parentClient);
                leftClocks.write(s.parentClock);
            }
            if (s.keyLength >= 0) {
                strings.write(s.in.buf, s.keyAt, s.keyLength);
            }
        }

        private void content(StructCursor s) {
            ByteReader in = new ByteReader(s.in.buf, s.contentAt, s.end);
            switch (s.info & StructCursor.REF) {
                case Items.DELETED_CONTENT -> lengths.write(s.len);
                case Items.JSON -> {
                    lengths.write(s.len);
                    for (int i = 0; i < s.len; i++) {
                        string(in);
                    }
                }
                case Items.STRING -> strings.write(in.buf, in.pos, in.end - in.pos);
                case Items.EMBED -> json(in);
                case Items.FORMAT -> {
                    key(in);
                    json(in);
                }
                case Items.TYPE -> {
                    long type = in.varUint();
                    typeRefs.write(type);
                    if (in.hasContent()) {
                        key(in);
                    }
                }
                case Items.ANY -> {
                    lengths.write(s.len);
                    section.bytes(in.buf, in.pos, in.end - in.pos);
                }
                case Items.DOC -> subDocument(SubDocument.read(in));
                default -> section.bytes(in.buf, in.pos, in.end - in.pos);
            }
        }

        private void subDocument(SubDocument sub) {
            ByteWriter out = new ByteWriter();
            sub.write(out);
            ByteReader in = new ByteReader(out.buffer(), 0, out.size());
            string(in);
            section.bytes(in.buf, in.pos, in.end - in.pos);
        }

        private void string(ByteReader in) {
            int size = in.skipBytes();
            strings.write(in.buf, in.pos - size, size);
        }

        private void json(ByteReader in) {
            AnyCodec.write(section, Json.parse(in.string()));
        }

        /** Each key is written as if it were new: the table of keys that yjs keeps for this is never filled. */
        private void key(ByteReader in) {
            keyClocks.write(keys++);
            string(in);
        }

        byte[] finish(DeleteRanges deletes) {
            ByteWriter out = new ByteWriter(sections.size() + 256);
            out.u8(0);
            column(out, keyClocks.finish());
            column(out, clients.finish());
            column(out, leftClocks.finish());
            column(out, rightClocks.finish());
            column(out, infos.finish());
            column(out, strings.finish());
            column(out, parentInfos.finish());
            column(out, typeRefs.finish());
            column(out, lengths.finish());
            sections.finish(out);
            DeleteSet.Builder set = new DeleteSet.Builder();
            deletes.addTo(set);
            set.build(false).writeV2(out);
            return out.toByteArray();
        }

        private static void column(ByteWriter out, ByteWriter column) {
            out.varBytes(column.buffer(), 0, column.size());
        }
    }
}
