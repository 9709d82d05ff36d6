package ai.materi.crdt.bench;

import ai.materi.crdt.Json;
import ai.materi.crdt.bench.Report.Line;
import ai.materi.crdt.bench.Report.Target;
import ai.materi.crdt.tool.Replay;
import ai.materi.crdt.tool.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The cases on an editing trace. Its updates are made once, by the engine, whose authors are clients 1 and up. */
final class TraceCases {
    private static final int MERGED = 20_000;
    private static final List<Integer> MERGED_ALONE = List.of(62_500, 125_000, 250_000);
    private static final int DOCUMENTS = 20;
    private static final int TIMES = 100;

    private final Trace trace;
    private final Recorded recorded;
    private final Path folder;
    private final Engines engines;
    private final Rounds rounds;
    private final Report report;

    private TraceCases(Trace trace, Recorded recorded, Path folder, Engines engines, Rounds rounds, Report report) {
        this.trace = trace;
        this.recorded = recorded;
        this.folder = folder;
        this.engines = engines;
        this.rounds = rounds;
        this.report = report;
    }

    static TraceCases of(Trace trace, Path folder, Engines engines, Rounds rounds, Report report) throws IOException {
        List<byte[]> updates = new ArrayList<>();
        if (!Replay.write(trace, updates).equals(trace.endContent())) {
            throw new IllegalStateException("the replay of the trace does not end in its endContent");
        }
        Recorded recorded = Recorded.of(new Workload("trace", "text", updates), folder, "trace");
        return new TraceCases(trace, recorded, folder, engines, rounds, report);
    }

    void apply() throws IOException {
        Map<String, Double> ms = rounds.median(engines.all(), "ms", recorded.request("apply"), recorded.ends());
        report.line(Line.ofMs(title("apply %,d updates", recorded.count()), ms)
                .atMost(0.25, "yjs")
                .atMost(0.6, "ywasm"));
    }

    void edit() throws IOException {
        if (!hasOneAuthor()) {
            report.note("edit: left out, since the trace has several authors or characters of two UTF-16 units");
            return;
        }
        Map<String, Object> request = recorded.request("edit");
        request.put("edits", writeEdits().toString());
        Map<String, Double> ms = rounds.median(engines.withoutYwasm(), "ms", request, Map.of());
        report.line(Line.ofMs(title("make %,d edits", recorded.count()), ms).atMost(0.25, "yjs"));
    }

    void load() throws IOException {
        Map<String, Double> ms = rounds.median(engines.all(), "ms", recorded.request("load"), recorded.ends());
        report.line(Line.ofMs(title("load %,d bytes, read the text", recorded.stateBytes()), ms)
                .atMost(0.25, "yjs")
                .atMost(1, "ywasm"));
    }

    void encode() throws IOException {
        Map<String, Double> ms = rounds.median(engines.all(), "ms", recorded.request("encode"), recorded.ends());
        report.line(Line.ofMs("encode the state", ms).atMost(0.25, "yjs").atMost(1, "ywasm"));
    }

    void merge() throws IOException {
        report.line(merged(Math.min(MERGED, recorded.count()), engines.withoutYwasm())
                .atMost(0.02, "yjs"));
        for (int more : MERGED_ALONE) {
            if (more <= recorded.count()) {
                report.line(merged(more, List.of(engines.materi())));
            }
        }
    }

    private Line merged(int count, List<Engine> by) throws IOException {
        Map<String, Object> request = recorded.request("merge");
        request.put("count", count);
        return Line.ofMs(title("merge %,d updates", count), rounds.median(by, "ms", request, Map.of()));
    }

    void heap() throws IOException {
        Map<String, Object> request = recorded.request("heap");
        request.put("documents", DOCUMENTS);
        Map<String, Double> bytes = rounds.median(engines.withoutYwasm(), "bytes", request, Map.of());
        Target encoded = Target.limit("its encoded bytes", bytes.get("Materi"), recorded.stateBytes(), 3);
        report.line(Line.of("heap of a loaded document", "bytes", bytes)
                .atMost(0.25, "yjs")
                .with(encoded));
    }

    void hundredfold() throws IOException {
        if (!hasOneAuthor()) {
            report.note("hundredfold: left out, since the trace has several authors or characters of two UTF-16 units");
            return;
        }
        Path file = Files.write(folder.resolve("hundredfold.state"), Histories.repeated(trace, TIMES));
        Map<String, Object> request = Recorded.request("load", "text", file);
        Map<String, Double> ms = new Rounds(1, 0).median(engines.withoutYwasm(), "ms", request, Map.of());
        report.line(Line.ofMs(title("load %,d edits, read the text", TIMES * recorded.count()), ms)
                .atMost(0.3, "yjs"));
    }

    private boolean hasOneAuthor() {
        return trace.agents() == 1
                && trace.transactions().stream()
                        .allMatch(one -> one.patches().stream().allMatch(Trace.Patch::isPlain));
    }

    /** A list of transactions, each a list of {@code [position, deleted, "inserted"]}. */
    private Path writeEdits() throws IOException {
        List<List<List<Object>>> edits = new ArrayList<>();
        if (!trace.startContent().isEmpty()) {
            edits.add(List.of(List.of(0, 0, trace.startContent())));
        }
        for (Trace.Transaction one : trace.transactions()) {
            edits.add(one.patches().stream()
                    .map(patch -> List.<Object>of(patch.position(), patch.deleted(), patch.inserted()))
                    .toList());
        }
        return Files.writeString(folder.resolve("trace.edits"), Json.stringify(edits));
    }

    private static String title(String text, int number) {
        return String.format(Locale.ROOT, text, number);
    }
}
