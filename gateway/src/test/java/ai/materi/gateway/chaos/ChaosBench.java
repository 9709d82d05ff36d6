package ai.materi.gateway.chaos;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** {@code ./materi chaos}: runs the rows that were asked for, one after another, and prints what came of them. */
public final class ChaosBench {
    private ChaosBench() {}

    /** The property {@code materi.home} says where {@code ./materi} is. */
    public static void main(String[] arguments) {
        List<String> words = List.of(arguments);
        if (words.contains("--help") || words.contains("-h")) {
            System.out.print(Options.HELP);
            return;
        }
        if (words.contains("--list")) {
            Rows.ALL.forEach(row -> System.out.printf("%-20s %s%n", row.name(), row.what()));
            return;
        }
        // What Vert.x says of connections that break is what this is about.
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.ERROR);
        try {
            System.exit(run(Options.parse(words)) ? 0 : 1);
        } catch (IllegalArgumentException e) {
            System.err.println("materi: " + e.getMessage() + " (./materi chaos --help)");
            System.exit(2);
        } catch (Exception e) {
            System.err.println("materi: the bench failed: " + e);
            System.exit(1);
        }
    }

    private static boolean run(Options options) throws Exception {
        Report report = new Report(new PrintStream(System.out, true, StandardCharsets.UTF_8));
        report.begin();
        Path data = Files.createTempDirectory("materi-chaos-");
        Stands stands = new Stands(Path.of(System.getProperty("materi.home", ".")), data);
        try {
            for (Row row : options.rows()) {
                run(row, stands, options, report);
            }
        } finally {
            stands.end();
        }
        boolean well = report.end(options.unhurried());
        if (well) {
            forget(data);
        } else {
            System.err.println("materi: the logs are in " + data);
        }
        return well;
    }

    private static void run(Row row, Stands stands, Options options, Report report) throws Exception {
        String lacking = row.lacks().get();
        if (!lacking.isEmpty()) {
            report.leaveOut(row, lacking);
            return;
        }
        for (int round = 0; round < options.rounds(); round++) {
            long begin = System.nanoTime();
            Outcome outcome = outcome(stands.of(row), row, options.seed() + round);
            report.add(outcome, (System.nanoTime() - begin) / 1e9);
        }
    }

    private static Outcome outcome(Stand stand, Row row, long seed) throws InterruptedException {
        try {
            return Trial.run(stand, row, seed);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            return Outcome.broken(row, seed, "the trial broke off: " + e);
        }
    }

    private static void forget(Path folder) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> files = Files.walk(folder)) {
            deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : deepestFirst) {
            Files.deleteIfExists(file);
        }
    }
}
