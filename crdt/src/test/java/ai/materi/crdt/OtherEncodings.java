package ai.materi.crdt;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Writes updates that say what yjs could say, but otherwise than it would write it: integers in more bytes than they need,
 * numbers under any tag that can hold them, keys twice and in any order, JSON in any spelling.
 */
final class OtherEncodings {
    /** What a value may be. */
    enum Range {
        /** Whatever the format has. */
        ALL,
        /** What JSON has, and keeps through {@code JSON.stringify} and {@code JSON.parse}. */
        EXACT_JSON
    }

    private static final int MOST_DEPTH = 4;
    private static final String[] KEYS = {
        "a", "b", "7", "10", "01", "4294967294", "4294967295", "", "é", "__proto__", "k"
    };
    private static final double[] NUMBERS = {
        0, 1, -1, 63, 64, -64, 1e7, 2147483647d, 2147483648d, -2147483647d, -2147483648d, 0.5, 0.1, 16777217, 1e21, 1e-7
    };
    private static final String[] SPELLINGS = {
        "0",
        "7",
        "1e7",
        "10000000.0",
        "1E+2",
        "0.10",
        "-0.5",
        "1.0",
        "1e21",
        "1e-7",
        "0.000001",
        "100e-2",
        "1e20",
        "123456789012345678901",
        "9007199254740993",
        "-1.50e1",
        "5e-324",
        "0.1",
        "1e+21",
        "12345678901234567"
    };
    /** Numbers whose sign, or infinity, JavaScript knows until it prints them. */
    private static final List<String> UNPRINTED = List.of("-0", "[-0.0]", "1e999", "{\"a\":-1e400}");

    private static final String[] STRINGS = {
        "",
        "a",
        "wörld",
        "🙂",
        "\\u0041",
        "\\/",
        "\\uD83D",
        "\\ud83d\\ude42",
        "\\u001F",
        "\\u001f",
        "\\u000a",
        "\\n",
        "\\\\",
        "\\\"",
        "\u2028",
        "\\u0008",
        "\\uDE42x",
        "\u007f"
    };

    private final SplittableRandom random;

    OtherEncodings(SplittableRandom random) {
        this.random = random;
    }

    // ---- updates

    /** An update in format v1: some structs of one client from clock 0 on. */
    byte[] update(long client) {
        List<byte[]> structs = new ArrayList<>();
        int clock = 0;
        for (int n = 1 + random.nextInt(5); n > 0; n--) {
            int length = 1 + random.nextInt(3);
            int from = clock;
            int kind = random.nextInt(8);
            structs.add(HostileBytes.made(out -> struct(out, kind, client, from, length)));
            clock += kind < 3 ? length : 1;
        }
        return HostileBytes.made(out -> {
            integer(out, 1);
            integer(out, structs.size());
            integer(out, client);
            integer(out, 0);
            structs.forEach(out::bytes);
            out.u8(0);
        });
    }

    /** One struct of client 7: JSON that holds what JavaScript does not print. */
    static byte[] unprinted() {
        return HostileBytes.made(out -> {
            out.bytes(new byte[] {1, 1, 7, 0, Items.JSON, 1});
            out.varString("list");
            out.varUint(UNPRINTED.size());
            UNPRINTED.forEach(out::varString);
            out.u8(0);
        });
    }

    private void struct(ByteWriter out, int kind, long client, int clock, int length) {
        switch (kind) {
            case 0 -> values(place(out, Items.ANY, "list"), length);
            case 1 -> values(keyed(out, Items.ANY), length);
            case 2 -> jsonValues(place(out, Items.JSON, "list"), length);
            case 3 -> string(place(out, Items.EMBED, "rich"), '[' + json() + ']');
            case 4 -> {
                string(place(out, Items.FORMAT, "rich"), pick("b", "7", "é"));
                string(out, json());
            }
            case 5 -> string(after(out, Items.STRING, client, clock), "text");
            case 6 -> string(place(out, Items.BINARY, "list"), "bytes");
            default -> subDocument(place(out, Items.DOC, "list"));
        }
    }

    private ByteWriter place(ByteWriter out, int kind, String root) {
        out.u8(kind);
        integer(out, 1);
        string(out, root);
        return out;
    }

    private ByteWriter keyed(ByteWriter out, int kind) {
        place(out, kind | StructCursor.HAS_KEY, "map");
        string(out, pick(KEYS));
        return out;
    }

    /** Behind the struct before, or at the head of a text where there is none. */
    private ByteWriter after(ByteWriter out, int kind, long client, int clock) {
        if (clock == 0) {
            return place(out, kind, "rich");
        }
        out.u8(kind | StructCursor.HAS_ORIGIN);
        integer(out, client);
        integer(out, clock - 1L);
        return out;
    }

    private void values(ByteWriter out, int count) {
        integer(out, count);
        for (int i = 0; i < count; i++) {
            value(out, Range.ALL, 0);
        }
    }

    private void jsonValues(ByteWriter out, int count) {
        integer(out, count);
        for (int i = 0; i < count; i++) {
            string(out, random.nextInt(6) == 0 ? "undefined" : json());
        }
    }

    private void subDocument(ByteWriter out) {
        string(out, "guid");
        options(out);
    }

    private void options(ByteWriter out) {
        out.u8(AnyCodec.OBJECT);
        integer(out, 3);
        string(out, "other");
        value(out, Range.ALL, 1);
        string(out, "meta");
        value(out, Range.EXACT_JSON, 1);
        string(out, "autoLoad");
        out.u8(random.nextBoolean() ? AnyCodec.TRUE : AnyCodec.FALSE);
    }

    /** An update in format v2: one struct of client 5. */
    byte[] updateV2() {
        byte[] none = {};
        int length = 1 + random.nextInt(3);
        byte[] lengths = HostileBytes.run(length, 1);
        return switch (random.nextInt(5)) {
            case 0 ->
                one(
                        Items.ANY,
                        none,
                        lengths,
                        HostileBytes.made(out -> {
                            for (int i = 0; i < length; i++) {
                                value(out, Range.ALL, 0);
                            }
                        }),
                        "list");
            case 1 -> one(Items.JSON, none, HostileBytes.run(2, 1), none, "list", json(), json());
            case 2 -> one(Items.EMBED, none, none, HostileBytes.made(out -> list(out, Range.EXACT_JSON, 0)), "rich");
            case 3 ->
                one(
                        Items.FORMAT,
                        new byte[] {0},
                        none,
                        HostileBytes.made(out -> value(out, Range.EXACT_JSON, 0)),
                        "rich",
                        pick("b", "é"));
            default -> one(Items.DOC, none, none, HostileBytes.made(this::options), "list", "guid");
        };
    }

    private static byte[] one(int kind, byte[] keyClocks, byte[] lengths, byte[] rest, String... strings) {
        byte[] none = {};
        byte[] client = {5};
        byte[] infos = {(byte) kind};
        byte[] namesRoot = {1};
        return HostileBytes.v2(
                1, rest, keyClocks, client, none, none, infos, HostileBytes.strings(strings), namesRoot, none, lengths);
    }

    // ---- values

    private void value(ByteWriter out, Range range, int depth) {
        switch (random.nextInt(depth < MOST_DEPTH ? 9 : 7)) {
            case 0 -> out.u8(random.nextBoolean() ? AnyCodec.NULL : AnyCodec.TRUE);
            case 1, 2 -> number(out, NUMBERS[random.nextInt(NUMBERS.length)]);
            case 3 -> number(out, random.nextInt(1 << 20) / 4d);
            case 4 -> {
                out.u8(AnyCodec.STRING);
                string(out, pick(KEYS));
            }
            case 5, 6 -> scalar(out, range);
            case 7 -> list(out, range, depth);
            default -> object(out, range, depth);
        }
    }

    private void scalar(ByteWriter out, Range range) {
        switch (range == Range.ALL ? random.nextInt(5) : 5) {
            case 0 -> out.u8(AnyCodec.UNDEFINED);
            case 1 -> {
                out.u8(AnyCodec.BIGINT);
                out.fixed(random.nextLong(), 8);
            }
            case 2 -> {
                out.u8(AnyCodec.BYTES);
                string(out, "xyz");
            }
            case 3 -> number(out, -0.0);
            case 4 -> number(out, Double.POSITIVE_INFINITY);
            default -> out.u8(AnyCodec.FALSE);
        }
    }

    /** Under any tag that can hold it. */
    private void number(ByteWriter out, double value) {
        boolean whole = value == Math.rint(value) && Math.abs(value) < 1L << 53;
        int tag = random.nextInt(3);
        if (tag == 0 && whole) {
            out.u8(AnyCodec.INTEGER);
            signed(out, (long) Math.abs(value), value < 0 || JsNumber.isNegativeZero(value));
        } else if (tag == 1 && AnyCodec.isFloat32(value)) {
            out.u8(AnyCodec.FLOAT32);
            out.fixed(Float.floatToRawIntBits((float) value), 4);
        } else {
            out.u8(AnyCodec.FLOAT64);
            out.fixed(Double.doubleToRawLongBits(value), 8);
        }
    }

    private void list(ByteWriter out, Range range, int depth) {
        int size = random.nextInt(4);
        out.u8(AnyCodec.ARRAY);
        integer(out, size);
        for (int i = 0; i < size; i++) {
            value(out, range, depth + 1);
        }
    }

    /** Now and then one of many keys. */
    private void object(ByteWriter out, Range range, int depth) {
        boolean large = random.nextInt(10) == 0;
        int size = large ? 20 : random.nextInt(5);
        out.u8(AnyCodec.OBJECT);
        integer(out, size);
        for (int i = 0; i < size; i++) {
            String key = large && random.nextInt(20) > 0 ? "key" + random.nextInt(1000) : pick(KEYS);
            string(out, key);
            if (key.equals(AnyCodec.PROTOTYPE)) {
                prototype(out, depth);
            } else {
                value(out, range, large ? MOST_DEPTH : depth + 1);
            }
        }
    }

    /** Neither bytes nor null: yjs could not write the object around it, or would take a second one for an entry. */
    private void prototype(ByteWriter out, int depth) {
        if (random.nextBoolean()) {
            number(out, 1);
        } else {
            list(out, Range.EXACT_JSON, depth);
        }
    }

    // ---- JSON

    private String json() {
        StringBuilder out = new StringBuilder();
        json(out, 0);
        return out.toString();
    }

    private void json(StringBuilder out, int depth) {
        space(out);
        switch (random.nextInt(depth < MOST_DEPTH ? 6 : 4)) {
            case 0 -> out.append(random.nextBoolean() ? "null" : "true");
            case 1, 2 -> out.append(pick(SPELLINGS));
            case 3 -> quoted(out, pick(STRINGS));
            case 4 -> elements(out, '[', ']', depth);
            default -> elements(out, '{', '}', depth);
        }
        space(out);
    }

    private void elements(StringBuilder out, char open, char close, int depth) {
        out.append(open);
        boolean large = random.nextInt(10) == 0;
        int size = large ? 20 : random.nextInt(5);
        for (int i = 0; i < size; i++) {
            out.append(i == 0 ? "" : ",");
            if (open == '{') {
                space(out);
                quoted(out, large ? "key" + random.nextInt(1000) : random.nextBoolean() ? pick(KEYS) : pick(STRINGS));
                space(out);
                out.append(':');
            }
            json(out, large ? MOST_DEPTH : depth + 1);
        }
        space(out);
        out.append(close);
    }

    private static void quoted(StringBuilder out, String escaped) {
        out.append('"').append(escaped).append('"');
    }

    private void space(StringBuilder out) {
        out.append(random.nextInt(30) == 0 ? pick(" ", "\t\r\n") : "");
    }

    // ---- parts

    private String pick(String... all) {
        return all[random.nextInt(all.length)];
    }

    private void string(ByteWriter out, String text) {
        int length = Utf8.encodedLength(text);
        integer(out, length);
        byte[] bytes = new byte[length];
        Utf8.encode(text, bytes, 0, false);
        out.bytes(bytes);
    }

    private void integer(ByteWriter out, long value) {
        longer(out, each -> each.varUint(value));
    }

    private void signed(ByteWriter out, long magnitude, boolean negative) {
        longer(out, each -> each.varInt(magnitude, negative));
    }

    /** Now and then a byte more than an integer needs. */
    private void longer(ByteWriter out, Consumer<ByteWriter> integer) {
        byte[] bytes = HostileBytes.made(integer);
        if (random.nextInt(40) > 0) {
            out.bytes(bytes);
            return;
        }
        bytes[bytes.length - 1] |= (byte) 0x80;
        out.bytes(bytes);
        out.u8(0);
    }
}
