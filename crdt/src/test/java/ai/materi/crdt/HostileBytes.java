package ai.materi.crdt;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * Bytes that are made to cost as much heap as they can, and a program ({@link #main}) that gives them to the decoders in a
 * JVM whose heap is as large as they may cost.
 */
final class HostileBytes {
    /** What a struct, a deleted range, a client of a state vector or a value that is built may cost, in bytes. */
    static final int BYTES_A_PART = 384;

    /** Who reads the bytes of a case. */
    enum Doors {
        V1,
        V2,
        DELETE_SET,
        STATE_VECTOR,
        VALUE,
        JSON
    }

    /**
     * One way to make costly bytes.
     *
     * @param parts how many structs, ranges, clients and values come with each unit of its size
     */
    record Case(String name, Doors doors, int parts, IntFunction<byte[]> bytes) {
        long line(int size) {
            return 10L * bytes.apply(size).length + 65_536 + (long) BYTES_A_PART * parts * size;
        }
    }

    private HostileBytes() {}

    static List<Case> cases() {
        List<Case> all = new ArrayList<>();
        struct(all, "collected", i -> new byte[] {Items.GC, 1});
        struct(
                all,
                "roots",
                i -> made(out -> item(out, Items.DELETED_CONTENT, "r" + i).u8(1)));
        struct(
                all,
                "keys",
                i -> made(out -> {
                    item(out, Items.DELETED_CONTENT | StructCursor.HAS_KEY, "r").varString("k" + i);
                    out.u8(1);
                }));
        struct(all, "texts", i -> made(out -> item(out, Items.TYPE, "r").u8(Branch.TEXT)));
        struct(all, "elements", i -> made(out -> item(out, Items.TYPE, "r").bytes(new byte[] {Branch.XML_ELEMENT, 0})));
        struct(all, "nested types", i -> made(out -> nested(out, i)));
        struct(all, "sub-documents", i -> made(out -> item(out, Items.DOC, "r").bytes(new byte[] {0, 118, 0})));
        struct(all, "formatting objects", i -> made(out -> format(out, "{}")));
        struct(all, "formatting numbers", i -> made(out -> format(out, Integer.toString(i))));
        struct(all, "embeds", i -> made(out -> item(out, Items.EMBED, "r").varString("[]")));
        all.add(new Case("clients", Doors.V1, 1, n -> clients(n, false)));
        all.add(new Case("clients that wait", Doors.V1, 1, n -> clients(n, true)));
        all.add(new Case(
                "deleting clients",
                Doors.V1,
                1,
                n -> made(out -> {
                    out.u8(0);
                    out.bytes(ranges(n, 1));
                })));
        all.add(new Case(
                "deleted ranges",
                Doors.V1,
                1,
                n -> made(out -> {
                    out.u8(0);
                    out.bytes(ranges(1, n));
                })));
        content(all, "ASCII", Items.STRING, "x");
        content(all, "Latin text", Items.STRING, "é");
        content(all, "Cyrillic text", Items.STRING, "Ж");
        content(all, "pairs", Items.STRING, "🙂");
        all.add(new Case(
                "bytes",
                Doors.V1,
                0,
                n -> one(out -> {
                    item(out, Items.BINARY, "r");
                    out.varBytes(new byte[n], 0, n);
                })));
        for (String value : List.of("{}", "[0]", "\"a\"", "{\"\":0}", "[0,0]", "{\"\":0,\"a\":0}", "[[]]", "1e9")) {
            int parts = 3;
            all.add(new Case("JSON " + value, Doors.JSON, parts, n -> json(n, value)));
            all.add(new Case(
                    "embed of " + value,
                    Doors.V1,
                    parts,
                    n -> one(out -> {
                        byte[] json = json(n, value);
                        item(out, Items.EMBED, "r").varBytes(json, 0, json.length);
                    })));
            all.add(new Case(
                    "formatting of " + value,
                    Doors.V1,
                    parts,
                    n -> one(out -> {
                        byte[] json = json(n, value);
                        item(out, Items.FORMAT, "r").u8(0);
                        out.varBytes(json, 0, json.length);
                    })));
        }
        for (byte[] value : List.of(
                new byte[] {126}, new byte[] {117, 1, 126}, new byte[] {119, 1, 'x'}, new byte[] {118, 1, 0, 126})) {
            all.add(new Case("values of tag " + value[0], Doors.VALUE, 2, n -> values(n, value)));
            all.add(new Case(
                    "item of tag " + value[0],
                    Doors.V1,
                    2,
                    n -> one(out -> {
                        item(out, Items.ANY, "r").u8(1);
                        out.bytes(values(n, value));
                    })));
            all.add(new Case(
                    "meta of tag " + value[0],
                    Doors.V1,
                    2,
                    n -> one(out -> {
                        item(out, Items.DOC, "r").bytes(new byte[] {0, 118, 1});
                        out.varString("meta");
                        out.bytes(values(n, value));
                    })));
        }
        all.add(new Case(
                "text behind an integer that is too long",
                Doors.V1,
                0,
                n -> made(out -> {
                    out.bytes(new byte[] {1, 1, 7, (byte) 0x80, 0});
                    item(out, Items.STRING, "r").varString("é".repeat(n));
                    out.u8(0);
                })));
        all.add(new Case(
                "keys of an object",
                Doors.V1,
                1,
                n -> one(out -> {
                    item(out, Items.ANY, "r").bytes(new byte[] {1, 118});
                    out.varUint(n);
                    for (int i = 0; i < n; i++) {
                        out.varString("k" + i);
                        out.u8(126);
                    }
                })));
        all.add(new Case("delete set", Doors.DELETE_SET, 1, n -> ranges(n, 1)));
        all.add(new Case(
                "state vector",
                Doors.STATE_VECTOR,
                1,
                n -> made(out -> {
                    out.varUint(n);
                    for (int i = 0; i < n; i++) {
                        out.varUint(i);
                        out.varUint(1);
                    }
                })));
        all.add(new Case("runs of collected units", Doors.V2, 1, HostileBytes::runOfCollected));
        all.add(new Case("runs of elements", Doors.V2, 1, n -> runOfElements(n, 1)));
        all.add(new Case("runs of elements with names", Doors.V2, 1, n -> runOfElements(n, 28)));
        all.add(new Case("runs of elements with long names", Doors.V2, 1, n -> runOfElements(n, 5_000)));
        all.add(new Case(
                "embedded bytes",
                Doors.V2,
                0,
                n -> embedded(made(out -> {
                    out.u8(116);
                    out.varBytes(new byte[n], 0, n);
                }))));
        all.add(new Case("embedded nothing", Doors.V2, 1, n -> embedded(values(n, new byte[] {127}))));
        return all;
    }

    static byte[] made(Consumer<ByteWriter> how) {
        ByteWriter out = new ByteWriter();
        how.accept(out);
        return out.toByteArray();
    }

    private static void struct(List<Case> all, String name, IntFunction<byte[]> struct) {
        all.add(new Case(
                name,
                Doors.V1,
                1,
                n -> made(out -> {
                    out.bytes(new byte[] {1});
                    out.varUint(n);
                    out.bytes(new byte[] {7, 0});
                    for (int i = 0; i < n; i++) {
                        out.bytes(struct.apply(i));
                    }
                    out.u8(0);
                })));
    }

    /** The same content read from both formats. */
    private static void content(List<Case> all, String name, int kind, String text) {
        IntFunction<byte[]> update = n -> one(out -> item(out, kind, "r").varString(text.repeat(n)));
        all.add(new Case(name, Doors.V1, 0, update));
        all.add(new Case(name + " in v2", Doors.V2, 0, n -> Updates.toV2(update.apply(n))));
    }

    private static byte[] one(Consumer<ByteWriter> item) {
        return made(out -> {
            out.bytes(new byte[] {1, 1, 7, 0});
            item.accept(out);
            out.u8(0);
        });
    }

    private static ByteWriter item(ByteWriter out, int info, String root) {
        out.u8(info);
        out.u8(1);
        out.varString(root);
        return out;
    }

    private static void nested(ByteWriter out, int i) {
        if (i == 0) {
            item(out, Items.TYPE, "r").u8(Branch.ARRAY);
            return;
        }
        out.bytes(new byte[] {Items.TYPE, 0, 7});
        out.varUint(i - 1);
        out.u8(Branch.ARRAY);
    }

    private static void format(ByteWriter out, String json) {
        item(out, Items.FORMAT, "r").u8(0);
        out.varString(json);
    }

    private static byte[] clients(int n, boolean wait) {
        return made(out -> {
            out.varUint(n);
            for (int i = n; i > 0; i--) {
                out.u8(1);
                out.varUint(i);
                out.u8(0);
                if (wait) {
                    out.u8(Items.DELETED_CONTENT | StructCursor.HAS_ORIGIN);
                    out.varUint(1_000_000 + i);
                    out.u8(0);
                } else {
                    out.u8(Items.GC);
                }
                out.u8(1);
            }
            out.u8(0);
        });
    }

    private static byte[] ranges(int clients, int each) {
        return made(out -> {
            out.varUint(clients);
            for (int c = clients; c > 0; c--) {
                out.varUint(c);
                out.varUint(each);
                for (int i = 0; i < each; i++) {
                    out.varUint(2L * i);
                    out.u8(1);
                }
            }
        });
    }

    /** Otherwise than JavaScript prints it: then it is written anew, which costs more than to keep it. */
    private static byte[] json(int n, String value) {
        return ('[' + (value + ',').repeat(n) + " 0]").getBytes(StandardCharsets.UTF_8);
    }

    /** With an integer in more bytes than it needs: then they are written anew. */
    private static byte[] values(int n, byte[] value) {
        return made(out -> {
            out.u8(117);
            overlong(out, n);
            for (int i = 0; i < n; i++) {
                out.bytes(value);
            }
        });
    }

    private static void overlong(ByteWriter out, int value) {
        byte[] bytes = made(each -> each.varUint(value));
        bytes[bytes.length - 1] |= (byte) 0x80;
        out.bytes(bytes);
        out.u8(0);
    }

    // ---- format v2, where a few bytes are many structs

    static byte[] v2(int structs, byte[] rest, byte[]... columns) {
        return made(out -> {
            out.u8(0);
            for (byte[] column : columns) {
                out.varBytes(column, 0, column.length);
            }
            out.u8(1);
            out.varUint(structs);
            out.u8(0);
            out.bytes(rest);
            out.u8(0);
        });
    }

    static byte[] run(int value, int count) {
        RunLength.UintRunWriter run = new RunLength.UintRunWriter();
        for (int i = 0; i < count; i++) {
            run.write(value);
        }
        return run.finish().toByteArray();
    }

    private static byte[] steps(int count, int step) {
        RunLength.DiffRunWriter run = new RunLength.DiffRunWriter();
        for (int i = 0; i < count; i++) {
            run.write((long) i * step);
        }
        return run.finish().toByteArray();
    }

    static byte[] strings(String... all) {
        RunLength.StringWriter out = new RunLength.StringWriter();
        for (String text : all) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            out.write(bytes, 0, bytes.length);
        }
        return out.finish().toByteArray();
    }

    /** One client's run of collected units: every struct but the first is a count. */
    static byte[] runOfCollected(int structs) {
        byte[] none = {};
        byte[] infos = {Items.GC};
        return v2(structs, none, none, run(5, 1), none, none, infos, strings(), none, none, run(1, structs));
    }

    /** Elements one after the other, which all have the same key of a name. */
    private static byte[] runOfElements(int n, int nameLength) {
        byte[] none = {};
        byte[] infos = {Items.TYPE, 0, (byte) (Items.TYPE | StructCursor.HAS_ORIGIN)};
        return v2(
                n,
                none,
                steps(n, 0),
                run(5, n + 1),
                steps(n, 1),
                none,
                infos,
                strings("r", "n".repeat(nameLength)),
                new byte[] {1},
                run(Branch.XML_ELEMENT, n),
                none);
    }

    private static byte[] embedded(byte[] value) {
        byte[] none = {};
        byte[] client = {5};
        return v2(
                1, value, none, client, none, none, new byte[] {Items.EMBED}, strings("r"), new byte[] {1}, none, none);
    }

    // ---- the doors

    static List<Consumer<byte[]>> doors(Doors doors) {
        byte[] nothing = {0, 0};
        return switch (doors) {
            case V1 ->
                List.of(
                        bytes -> new Doc(1).applyUpdate(bytes, null),
                        bytes -> Updates.merge(List.of(bytes, nothing)),
                        bytes -> Updates.diff(bytes, StateVector.EMPTY),
                        Updates::toV2,
                        Updates::meta,
                        bytes -> Updates.decode(bytes, struct -> {}));
            case V2 ->
                List.of(
                        bytes -> new Doc(1).applyUpdateV2(bytes, null),
                        bytes -> Updates.mergeV2(List.of(bytes, Updates.toV2(nothing))),
                        bytes -> Updates.diffV2(bytes, StateVector.EMPTY),
                        Updates::toV1,
                        Updates::metaV2);
            case DELETE_SET ->
                List.of(
                        DeleteSet::decode,
                        bytes -> Snapshot.decode(made(out -> {
                            out.bytes(bytes);
                            out.u8(0);
                        })));
            case STATE_VECTOR ->
                List.of(
                        StateVector::decode,
                        bytes -> Snapshot.decodeV2(made(out -> {
                            out.u8(0);
                            out.bytes(bytes);
                        })));
            case VALUE -> List.of(bytes -> AnyCodec.read(new ByteReader(bytes)));
            case JSON -> List.of(bytes -> Json.parse(new String(bytes, StandardCharsets.UTF_8)));
        };
    }

    /**
     * Gives every case to its doors, each as large as the line allows.
     *
     * @param arguments the line in bytes
     */
    public static void main(String[] arguments) {
        long line = Long.parseLong(arguments[0]);
        int held = 0;
        int refused = 0;
        for (Case each : cases()) {
            int size = (int) (1_000 * line / each.line(1_000));
            while (each.line(size) > line) {
                size -= size / 20;
            }
            byte[] bytes = each.bytes().apply(size);
            int door = 0;
            try {
                for (Consumer<byte[]> reading : doors(each.doors())) {
                    door++;
                    refused += isTaken(reading, bytes) ? 0 : 1;
                    held++;
                }
            } catch (OutOfMemoryError e) {
                System.out.println(
                        each.name() + ", door " + door + ": " + bytes.length + " bytes cost more than " + line);
            }
        }
        System.out.println("held: " + held + ", refused: " + refused);
    }

    private static boolean isTaken(Consumer<byte[]> reading, byte[] bytes) {
        try {
            reading.accept(bytes);
            return true;
        } catch (MalformedUpdateException refused) {
            return false;
        }
    }
}
