package ai.materi.crdt.tool;

import ai.materi.crdt.DeleteSet;
import ai.materi.crdt.Doc;
import ai.materi.crdt.Json;
import ai.materi.crdt.StateVector;
import ai.materi.crdt.Struct;
import ai.materi.crdt.Undefined;
import ai.materi.crdt.UpdateMeta;
import ai.materi.crdt.Updates;
import java.io.PrintStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is in an update. */
final class Inspection {
    private static final int LONGEST_EXCERPT = 60;

    /** What one client wrote. */
    private static final class Author {
        int structs;
        long deleted;
        final StringBuilder clocks = new StringBuilder();
    }

    /** How much there is of a kind of content. */
    private static final class Amount {
        int structs;
        long units;
    }

    private final String name;
    private final int format;
    private final int bytes;
    private final Doc doc;
    private final StateVector placed;
    private final Map<Long, Author> authors = new TreeMap<>();
    private final Map<String, Amount> content = new TreeMap<>();
    private int deletedRanges;
    private long deletedUnits;

    private Inspection(String name, int format, int bytes, Doc doc) {
        this.name = name;
        this.format = format;
        this.bytes = bytes;
        this.doc = doc;
        this.placed = doc.stateVector();
    }

    static Inspection of(String name, int format, int bytes, byte[] update, Doc doc) {
        Inspection inspection = new Inspection(name, format, bytes, doc);
        Updates.decode(update, inspection::count);
        inspection.count(Updates.meta(update));
        return inspection;
    }

    private Author author(long client) {
        return authors.computeIfAbsent(client, absent -> new Author());
    }

    private void count(Struct struct) {
        String kind = struct.kind() == Struct.Kind.TYPE
                ? String.valueOf(struct.content())
                : struct.kind().toString();
        Amount amount = content.computeIfAbsent(kind, absent -> new Amount());
        amount.structs++;
        amount.units += struct.length();
        if (struct.kind() != Struct.Kind.SKIP) {
            author(struct.client()).structs++;
        }
    }

    private void count(UpdateMeta meta) {
        meta.inserted()
                .forEach((client, ranges) -> author(client)
                        .clocks
                        .append(ranges.stream()
                                .map(range -> range.clock() + "–" + (range.end() - 1))
                                .collect(Collectors.joining(", "))));
        for (long client : meta.deleted().clients()) {
            for (DeleteSet.Range range : meta.deleted().ranges(client)) {
                author(client).deleted += range.length();
                deletedUnits += range.length();
                deletedRanges++;
            }
        }
    }

    void print(PrintStream out, boolean json) {
        if (json) {
            out.println(Json.stringify(toJson()));
            return;
        }
        out.printf("%s: format v%d, %,d bytes%n%n", name, format, bytes);
        out.printf("%-18s %10s %12s  %s%n", "client", "structs", "deleted", "clocks");
        authors.forEach((client, author) -> out.printf(
                "%-18d %,10d %,12d  %s%n", client, author.structs, author.deleted, excerpt(author.clocks.toString())));
        out.printf("%n%-28s %10s %12s%n", "content", "structs", "units");
        content.forEach(
                (kind, amount) -> out.printf("%-28s %,10d %,12d%n", excerpt(kind), amount.structs, amount.units));
        out.printf("%ndeletions: %,d units in %,d ranges%n", deletedUnits, deletedRanges);
        out.printf("roots:     %s%n", doc.rootNames().isEmpty() ? "none" : String.join(", ", doc.rootNames()));
        out.printf(
                "waits:     %s%n",
                doc.hasPending() ? doc.pendingBytes() + " bytes, for what they build on" : "nothing");
    }

    private Map<String, Object> toJson() {
        List<Object> clients = new ArrayList<>();
        authors.forEach((client, author) -> clients.add(ordered(
                "client",
                client,
                "structs",
                author.structs,
                "deleted",
                author.deleted,
                "clocks",
                author.clocks.toString(),
                "placed",
                placed.get(client))));
        Map<String, Object> kinds = new LinkedHashMap<>();
        content.forEach((kind, amount) -> kinds.put(kind, ordered("structs", amount.structs, "units", amount.units)));
        return ordered(
                "format",
                "v" + format,
                "bytes",
                bytes,
                "clients",
                clients,
                "content",
                kinds,
                "deleted",
                ordered("units", deletedUnits, "ranges", deletedRanges),
                "roots",
                List.copyOf(doc.rootNames()),
                "pending_bytes",
                doc.pendingBytes());
    }

    private static Map<String, Object> ordered(Object... pairs) {
        Map<String, Object> out = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            out.put((String) pairs[i], pairs[i + 1]);
        }
        return out;
    }

    /** One struct on one line. */
    static String line(Struct struct) {
        StringBuilder line = new StringBuilder();
        line.append(struct.client()).append(':').append(struct.clock());
        if (struct.length() > 1) {
            line.append('–').append(struct.clock() + struct.length() - 1);
        }
        line.append(' ').append(struct.kind());
        put(line, "after", struct.origin());
        put(line, "before", struct.rightOrigin());
        put(line, "in root", struct.root());
        put(line, "in", struct.parent());
        put(line, "key", struct.key());
        Object content = struct.content();
        if (content != null) {
            line.append("  ").append(excerpt(Json.stringify(printable(content))));
        }
        return line.toString();
    }

    private static void put(StringBuilder line, String word, @Nullable Object value) {
        if (value != null) {
            line.append(' ')
                    .append(word)
                    .append(' ')
                    .append(value instanceof String text ? Json.stringify(text) : value);
        }
    }

    /** Without what JSON has no form for; bytes as base64. */
    private static @Nullable Object printable(@Nullable Object value) {
        if (value instanceof byte[] raw) {
            return Base64.getEncoder().encodeToString(raw);
        }
        if (value instanceof BigInteger || value == Undefined.INSTANCE || value instanceof Record) {
            return String.valueOf(value);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Inspection::printable).collect(Collectors.toCollection(ArrayList::new));
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> out = new LinkedHashMap<>();
            map.forEach((key, item) -> out.put(String.valueOf(key), printable(item)));
            return out;
        }
        return value;
    }

    private static String excerpt(String text) {
        int end = text.offsetByCodePoints(0, Math.min(LONGEST_EXCERPT, text.codePointCount(0, text.length())));
        return end == text.length() ? text : text.substring(0, end) + "…";
    }
}
