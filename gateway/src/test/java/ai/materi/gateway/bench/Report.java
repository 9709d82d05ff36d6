package ai.materi.gateway.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** The numbers: a table for people, printed as they come, and JSON for programs. */
final class Report {
    /**
     * What should be.
     *
     * @param text e.g. {@code p99 ≤ 15 ms}
     */
    record Target(String text, boolean met) {
        static final Target NONE = new Target("", true);

        String verdict() {
            return text.isEmpty() ? "" : "  " + text + (met ? ": holds" : ": MISSES");
        }
    }

    private final PrintStream out;
    private final JsonArray results = new JsonArray();

    Report(PrintStream out) {
        this.out = out;
    }

    void begin(Options options) {
        print(
                "Materi's API, %s; %d cores, Java %s, %s %s",
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"),
                System.getProperty("os.name"),
                System.getProperty("os.arch"));
        print(
                "Server, PostgreSQL, Redis and this load generator share the machine. A measurement counts %d s after its warm-up.",
                options.seconds());
    }

    void heading(String text, Object... values) {
        print("%n" + text, values);
        print(
                "%-16s%10s%8s%10s%9s%9s%9s%9s",
                "", "requests", "errors", "per s", "p50 ms", "p95 ms", "p99 ms", "max ms");
    }

    void line(String shape, String name, Outcome outcome, Target target) {
        Latencies times = outcome.latencies();
        print(
                "%-16s%10d%8d%10.0f%9.2f%9.2f%9.2f%9.2f%s",
                name,
                outcome.requests(),
                outcome.errors(),
                outcome.perSecond(),
                times.millis(0.50),
                times.millis(0.95),
                times.millis(0.99),
                times.longestMillis(),
                target.verdict());
        if (outcome.errors() > 0) {
            print("%-16sby status (0: no answer): %s", "", outcome.wrong());
        }
        results.add(json(shape, name, outcome, target));
    }

    /** What one request of the line before cost, warm-up included. */
    void cost(long requests, Cores.Used used) {
        print("%-16sa request: %s", "", used.each(requests));
        results.getJsonObject(results.size() - 1)
                .put(
                        "cpu_micros",
                        new JsonObject()
                                .put("server", Cores.Used.micros(used.server(), requests))
                                .put("services", Cores.Used.micros(used.services(), requests))
                                .put("generator", Cores.Used.micros(used.generator(), requests)));
    }

    void ratio(String shape, String name, double value, Target target) {
        print("%-16s%.2f%s", name, value, target.verdict());
        results.add(new JsonObject()
                .put("shape", shape)
                .put("name", name)
                .put("ratio", value)
                .put("target", target.text())
                .put("met", target.met()));
    }

    void write(Path file, Options options) throws IOException {
        JsonObject all = new JsonObject()
                .put("at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                .put("processors", Runtime.getRuntime().availableProcessors())
                .put("java", System.getProperty("java.version"))
                .put("seconds", options.seconds())
                .put("rate", options.rate())
                .put("connections", options.connections())
                .put("results", results);
        Files.writeString(file, all.encodePrettily() + "\n");
    }

    private static JsonObject json(String shape, String name, Outcome outcome, Target target) {
        Latencies times = outcome.latencies();
        return new JsonObject()
                .put("shape", shape)
                .put("name", name)
                .put("requests", outcome.requests())
                .put("errors", outcome.errors())
                .put("per_second", outcome.perSecond())
                .put("p50_ms", times.millis(0.50))
                .put("p95_ms", times.millis(0.95))
                .put("p99_ms", times.millis(0.99))
                .put("max_ms", times.longestMillis())
                .put("target", target.text())
                .put("met", target.met());
    }

    private void print(String text, Object... values) {
        out.println(String.format(Locale.ROOT, text, values));
    }
}
