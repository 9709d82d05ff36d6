package ai.materi.gateway.chaos;

import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A line for each trial as it ends, and a table of all at the end. */
final class Report {
    private final PrintStream out;
    private final List<Outcome> outcomes = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();

    Report(PrintStream out) {
        this.out = out;
    }

    void begin() {
        print(
                "Materi's fault bench, %s; %d cores, Java %s, %s %s",
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"),
                System.getProperty("os.name"),
                System.getProperty("os.arch"));
    }

    void add(Outcome outcome, double seconds) {
        outcomes.add(outcome);
        print(
                "%-20s seed %-8d %-9s in %.0f s: %d sent, %d acknowledged, healed in %.1f s",
                outcome.row(),
                outcome.seed(),
                outcome.verdict(),
                seconds,
                outcome.sent(),
                outcome.acknowledged(),
                outcome.healedSeconds());
        outcome.violations().forEach(violation -> print("    %s", violation));
        outcome.delays().forEach(delay -> print("    %s", delay));
    }

    void leaveOut(Row row, String lacking) {
        leftOut.add(row.name());
        print("%-20s left out: %s", row.name(), lacking);
    }

    /** Prints the table; whether everything held. */
    boolean end(boolean unhurried) {
        print(
                "%n%-20s %9s %7s %13s %8s %5s %8s %9s  %s",
                "row", "seed", "sent", "acknowledged", "unknown", "lost", "doubled", "healed s", "verdict");
        for (Outcome one : outcomes) {
            print(
                    "%-20s %9d %7d %13d %8d %5d %8d %9.1f  %s",
                    one.row(),
                    one.seed(),
                    one.sent(),
                    one.acknowledged(),
                    one.unknown(),
                    one.lost(),
                    one.doubled(),
                    one.healedSeconds(),
                    one.verdict());
        }
        long violated =
                outcomes.stream().filter(one -> !one.violations().isEmpty()).count();
        long late = outcomes.stream().filter(Outcome::late).count();
        print(
                "%d trials, %d violated, %d late%s",
                outcomes.size(), violated, late, leftOut.isEmpty() ? "" : "; left out: " + String.join(", ", leftOut));
        return violated == 0 && (late == 0 || unhurried);
    }

    private void print(String text, Object... values) {
        out.println(String.format(Locale.ROOT, text, values));
    }
}
