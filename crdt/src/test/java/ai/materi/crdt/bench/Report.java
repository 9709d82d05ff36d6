package ai.materi.crdt.bench;

import ai.materi.crdt.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The numbers: a table for people, printed as they come, and JSON for programs. */
final class Report {
    private static final String OURS = "Materi";

    /**
     * What should be.
     *
     * @param text e.g. {@code ≤ 0.25 yjs}
     */
    record Target(String text, boolean isMet) {
        static Target limit(String of, @Nullable Double ours, double other, double most) {
            String factor = most == Math.rint(most) ? String.valueOf((long) most) : String.valueOf(most);
            return new Target("≤ " + factor + " " + of, ours != null && ours <= most * other);
        }
    }

    /**
     * One row.
     *
     * @param values by name of the implementation; one that is not measured is absent
     */
    record Line(String name, String unit, Map<String, Double> values, List<Target> targets) {
        static Line of(String name, String unit, Map<String, Double> values) {
            return new Line(name, unit, values, List.of());
        }

        static Line ofMs(String name, Map<String, Double> values) {
            return of(name, "ms", values);
        }

        Line atMost(double most, String peer) {
            return with(Target.limit(peer, values.get(OURS), values.getOrDefault(peer, 0.0), most));
        }

        Line with(Target target) {
            return new Line(
                    name,
                    unit,
                    values,
                    Stream.concat(targets.stream(), Stream.of(target)).toList());
        }

        @Nullable
        Double ratio(String peer) {
            Double ours = values.get(OURS);
            Double theirs = values.get(peer);
            return ours == null || theirs == null ? null : ours / theirs;
        }

        List<String> missed() {
            return targets.stream()
                    .filter(target -> !target.isMet())
                    .map(Target::text)
                    .toList();
        }

        String verdict() {
            if (targets.isEmpty()) {
                return "";
            }
            String all = targets.stream().map(Target::text).collect(Collectors.joining(", "));
            List<String> missed = missed();
            return "  " + all + (missed.isEmpty() ? ": holds" : ": MISSES " + String.join(", ", missed));
        }
    }

    private final PrintStream out;
    private final List<Map<String, Object>> results = new ArrayList<>();

    Report(PrintStream out) {
        this.out = out;
    }

    void begin(Options options, String trace) {
        print(
                "Materi's engine, %s; %d cores, Java %s, %s %s",
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"),
                System.getProperty("os.name"),
                System.getProperty("os.arch"));
        print("%s; medians of %d rounds, in which the implementations take turns", trace, options.rounds());
    }

    void heading() {
        print("%n%-48s%12s%12s%12s%8s%8s", "", OURS, "yjs", "ywasm", ": yjs", ": ywasm");
    }

    void line(Line line) {
        print(
                "%-48s%12s%12s%12s%8s%8s%s",
                line.name + ", " + line.unit,
                number(line.values.get(OURS)),
                number(line.values.get("yjs")),
                number(line.values.get("ywasm")),
                number(line.ratio("yjs")),
                number(line.ratio("ywasm")),
                line.verdict());
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", line.name);
        json.put("unit", line.unit);
        json.put("values", line.values);
        json.put("targets", line.targets.stream().map(Target::text).toList());
        json.put("missed", line.missed());
        results.add(json);
    }

    void note(String text) {
        print("%s", text);
    }

    private static String number(@Nullable Double value) {
        if (value == null) {
            return "";
        }
        int digits = value < 0.1 ? 4 : value < 10 ? 2 : value < 1_000 ? 1 : 0;
        return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }

    void write(Path file, Options options) throws IOException {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        all.put("processors", Runtime.getRuntime().availableProcessors());
        all.put("java", System.getProperty("java.version"));
        all.put("rounds", options.rounds());
        all.put("results", results);
        Files.writeString(file, Json.stringify(all) + "\n");
    }

    private void print(String text, Object... values) {
        out.println(String.format(Locale.ROOT, text, values));
    }
}
