package ai.materi.crdt;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One struct of an update, read for people; what {@code Y.decodeUpdate} shows.
 *
 * @param client who wrote it
 * @param clock its first unit
 * @param length how many units
 * @param origin the unit to the left of which it was written; null at the start, and for what is no item
 * @param rightOrigin the unit to the right; null at the end
 * @param root the name of the root type that holds it; null where it is not on the wire
 * @param parent the item of the type that holds it; null likewise
 * @param key of a map's entry; null in a sequence, and beside an origin
 * @param content text, a list of values, bytes, an embed, one formatting attribute as a map, the name of a type, a
 *     sub-document; null for what has none
 */
public record Struct(
        Kind kind,
        long client,
        int clock,
        int length,
        @Nullable Id origin,
        @Nullable Id rightOrigin,
        @Nullable String root,
        @Nullable Id parent,
        @Nullable String key,
        @Nullable Object content) {
    /** What a struct holds, in the order of the numbers on the wire. */
    public enum Kind {
        /** Collected: only the length is left, not even the place. */
        GC,
        /** Deleted: place and length are left. */
        DELETED,
        JSON,
        BINARY,
        TEXT,
        EMBED,
        FORMAT,
        TYPE,
        VALUES,
        DOCUMENT,
        /** A hole: what belongs there is in another update. */
        SKIP;

        /** Whether a place in a type goes with it. */
        public boolean isItem() {
            return this != GC && this != SKIP;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final List<String> TYPES =
            List.of("YArray", "YMap", "YText", "YXmlElement", "YXmlFragment", "YXmlHook", "YXmlText");

    static Struct of(StructCursor s) {
        Kind kind = s.isSkip() ? Kind.SKIP : Kind.values()[s.info & StructCursor.REF];
        return new Struct(
                kind,
                s.client,
                s.clock,
                s.len,
                id(s.originClient, s.originClock),
                id(s.rightClient, s.rightClock),
                text(s, s.nameAt, s.nameLength),
                id(s.parentClient, s.parentClock),
                text(s, s.keyAt, s.keyLength),
                content(kind, s));
    }

    private static @Nullable Id id(long client, int clock) {
        return client == StructCursor.ABSENT ? null : new Id(client, clock);
    }

    private static @Nullable String text(StructCursor s, int at, int length) {
        return length < 0 ? null : Utf8.decodeStrict(s.in.buf, at, length);
    }

    private static @Nullable Object content(Kind kind, StructCursor s) {
        ByteReader in = new ByteReader(s.in.buf, s.contentAt, s.end);
        return switch (kind) {
            case GC, SKIP, DELETED -> null;
            case TEXT -> Utf8.decodeStrict(in.buf, in.pos, in.end - in.pos);
            case VALUES, JSON -> values(kind, s.len, in);
            case BINARY -> in.bytes();
            case EMBED -> Json.parse(in.string());
            case FORMAT -> Collections.singletonMap(in.string(), Json.parse(in.string()));
            case TYPE -> type(in);
            case DOCUMENT -> SubDocument.read(in);
        };
    }

    private static List<@Nullable Object> values(Kind kind, int count, ByteReader in) {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(kind == Kind.JSON ? Values.json(in) : AnyCodec.read(in));
        }
        return values;
    }

    private static String type(ByteReader in) {
        String name = TYPES.get(in.varInt31());
        return in.hasContent() ? name + ' ' + in.string() : name;
    }
}
