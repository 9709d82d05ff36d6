package ai.materi.crdt.bench;

import ai.materi.crdt.bench.Options.Case;
import ai.materi.crdt.bench.Report.Line;
import ai.materi.crdt.bench.Report.Target;
import ai.materi.crdt.tool.BadDataException;
import ai.materi.crdt.tool.Trace;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Measures the engine and its peers; {@link Options#HELP} says what. */
final class CrdtBench {
    private static final Set<Case> ON_THE_TRACE = EnumSet.range(Case.APPLY, Case.HUNDREDFOLD);
    private static final Set<Case> OF_MINUTES = EnumSet.of(Case.HUNDREDFOLD, Case.TOMBSTONES, Case.POSITIONS);
    private static final int TOMBSTONES = 10_000_000;
    private static final int TOMBSTONE_RUN = 10;
    private static final int TOMBSTONE_MEGABYTES = 500;

    private static final List<Integer> RUNS = List.of(10_000, 100_000, 1_000_000);
    private static final int RANDOM_EDITS = 100;

    private static final int WARM_UP_MS = 1_000;
    private static final int SUITE_WARM_UP_MS = 300;

    private final Options options;
    private final Path folder;
    private final Engines engines;
    private final Report report;
    private final Rounds rounds;

    private CrdtBench(Options options, Path folder, Engines engines, Report report) {
        this.options = options;
        this.folder = folder;
        this.engines = engines;
        this.report = report;
        rounds = new Rounds(options.rounds(), WARM_UP_MS);
    }

    /** The property {@code materi.home} says where {@code ./materi} is. */
    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (List.of(arguments).contains("--help") || List.of(arguments).contains("-h")) {
            out.print(Options.HELP);
            return;
        }
        try {
            run(Options.parse(List.of(arguments)), new Report(out));
            System.exit(0);
        } catch (IllegalArgumentException | BadDataException e) {
            System.err.println("materi: " + e.getMessage() + " (./materi bench crdt --help)");
            System.exit(2);
        } catch (IOException | RuntimeException e) {
            System.err.println("materi: the benchmark failed: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void run(Options options, Report report) throws IOException {
        Path folder = Files.createTempDirectory("materi-bench-");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(folder), "remove the files"));
        try (Engines engines = Engines.start(Path.of(System.getProperty("materi.home", ".")))) {
            new CrdtBench(options, folder, engines, report).measure();
        }
        if (options.json() != null) {
            report.write(options.json(), options);
        }
    }

    private static void remove(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            System.err.println("materi: " + folder + " could not be removed: " + e);
        }
    }

    private void measure() throws IOException {
        Set<Case> cases = EnumSet.copyOf(options.cases());
        if (options.isQuick() && cases.removeAll(OF_MINUTES)) {
            report.note("--quick leaves out hundredfold, tombstones and positions");
        }
        Path file = options.trace();
        report.begin(options, file == null ? "a seeded trace" : String.valueOf(file.getFileName()));
        if (cases.stream().anyMatch(ON_THE_TRACE::contains)) {
            onTrace(file == null ? SeededTrace.of(SeededTrace.SEED, SeededTrace.EDITS) : Trace.read(file), cases);
        }
        if (cases.contains(Case.TOMBSTONES)) {
            tombstones();
        }
        if (cases.contains(Case.POSITIONS)) {
            positions();
        }
        if (cases.contains(Case.B1)) {
            suite("b1", Suite.b1());
        }
        if (cases.contains(Case.B2)) {
            suite("b2", Suite.b2());
        }
        if (cases.contains(Case.B3)) {
            suite("b3", Suite.b3());
        }
    }

    private void onTrace(Trace trace, Set<Case> cases) throws IOException {
        TraceCases onTrace = TraceCases.of(trace, folder, engines, rounds, report);
        report.heading();
        for (Case one : cases) {
            switch (one) {
                case APPLY -> onTrace.apply();
                case EDIT -> onTrace.edit();
                case LOAD -> onTrace.load();
                case ENCODE -> onTrace.encode();
                case MERGE -> onTrace.merge();
                case HEAP -> onTrace.heap();
                case HUNDREDFOLD -> onTrace.hundredfold();
                default -> {}
            }
        }
    }

    /** In a process of its own, which ends the run when its heap does not suffice. */
    private void tombstones() throws IOException {
        byte[] state = Histories.deleted(TOMBSTONES / TOMBSTONE_RUN, TOMBSTONE_RUN);
        Path file = Files.write(folder.resolve("tombstones.state"), state);
        byte[] kept = "a".repeat(TOMBSTONES / TOMBSTONE_RUN).getBytes(StandardCharsets.UTF_8);
        Map<String, String> ends = Map.of("content", Workload.digest(kept), "state", Workload.digest(state));
        report.heading();
        try (Engine narrow = Engine.materi(TOMBSTONE_MEGABYTES)) {
            for (String task : List.of("load", "encode")) {
                Map<String, Object> request = Recorded.request(task, "text", file);
                Map<String, Double> ms = rounds.median(List.of(narrow), "ms", request, ends);
                Line line = Line.ofMs(task + " 10,000,000 tombstones", ms);
                report.line(line.with(new Target("in " + TOMBSTONE_MEGABYTES + " MB", true)));
            }
        }
    }

    /** In text whose every character has a deleted run before it; formatting makes yjs walk from the start. */
    private void positions() throws IOException {
        Rounds shortRounds = new Rounds(options.rounds(), SUITE_WARM_UP_MS);
        report.heading();
        for (boolean formatted : List.of(false, true)) {
            for (int runs : RUNS) {
                Path file = Files.write(folder.resolve(runs + ".runs"), Histories.deleted(runs, TOMBSTONE_RUN));
                Map<String, Object> request = Recorded.request("positions", "text", file);
                request.put("edits", RANDOM_EDITS);
                request.put("formatted", formatted);
                Map<String, Double> us = shortRounds.median(engines.withoutYwasm(), "us", request, Map.of());
                String title =
                        String.format(Locale.ROOT, "an edit in %,d runs%s", runs, formatted ? ", formatted" : "");
                report.line(Line.of(title, "µs", us));
            }
        }
    }

    private void suite(String name, List<Workload> workloads) throws IOException {
        Rounds shortRounds = new Rounds(options.rounds(), SUITE_WARM_UP_MS);
        report.heading();
        for (int i = 0; i < workloads.size(); i++) {
            Workload workload = workloads.get(i);
            Recorded recorded = Recorded.of(workload, folder, name + "." + i);
            for (String task : List.of("apply", "encode")) {
                Map<String, Double> ms =
                        shortRounds.median(engines.all(), "ms", recorded.request(task), recorded.ends());
                report.line(Line.ofMs(workload.name() + ": " + task, ms));
            }
        }
    }
}
