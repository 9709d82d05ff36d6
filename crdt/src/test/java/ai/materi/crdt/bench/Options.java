package ai.materi.crdt.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The command line.
 *
 * @param trace an editing trace; null for a seeded one
 * @param rounds that count
 * @param isQuick whether what takes minutes is left out
 * @param json where the numbers go; null for nowhere
 */
record Options(
        @Nullable Path trace,
        int rounds,
        boolean isQuick,
        Set<Case> cases,
        @Nullable Path json) {
    /** What can be measured, in the order in which it is. */
    enum Case {
        APPLY,
        EDIT,
        LOAD,
        ENCODE,
        MERGE,
        HEAP,
        HUNDREDFOLD,
        TOMBSTONES,
        POSITIONS,
        B1,
        B2,
        B3;

        static Case named(String name) {
            return Stream.of(values())
                    .filter(one -> one.title().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("there is no case '" + name + "' ("
                            + Stream.of(values()).map(Case::title).collect(Collectors.joining(", ")) + ")"));
        }

        String title() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static final String HELP = """
            The engine beside yjs and ywasm: the same updates, on the same machine, in turn; results are ratios.

            Usage: ./materi bench crdt [OPTIONS]

            Options:               default
              --trace FILE         seeded    an editing trace (.json.gz, as ./materi crdt replay takes it)
              --rounds N           5         that count, 1 to 50, of which the median is taken
              --cases A,B          all
              --quick                        leaves out hundredfold, tombstones and positions
              --json FILE                    also writes the numbers there
              --help

            Cases on the trace (the seeded one has one author, 260,000 edits of a character, 30 % of them deletions):
              apply        each update, one by one
              edit         each edit made locally, with its update (yjs)
              load         the final state, and its text
              encode       the final state
              merge        the first 20,000 updates without a document (yjs); then more of them, Materi alone
              heap         of a loaded document (yjs)
              hundredfold  load what its author wrote a hundred times over, each time in front of what was there (yjs)
            Cases of their own:
              tombstones   load and encode 10,000,000 deleted characters in 500 MB, Materi alone
              positions    edits at random places of 10,000 to 1,000,000 runs, plain and with formatting (yjs)
              b1, b2, b3   one author, two, and 1,549 of them at the same time, N = 6,000, as crdt-benchmarks describes them

            All three must end with the same content, Materi and yjs also with the same bytes; a run where they do not fails.
            A ratio under 1 means that Materi takes less. Missed targets are printed; only a run that failed ends with a
            non-zero code.
            """;

    static Options parse(List<String> arguments) {
        Options options = new Options(null, 5, false, EnumSet.allOf(Case.class), null);
        List<String> words = arguments.stream().flatMap(Options::split).toList();
        for (int i = 0; i < words.size(); i++) {
            String name = words.get(i);
            if (name.equals("--quick")) {
                options = new Options(options.trace, options.rounds, true, options.cases, options.json);
            } else if (i + 1 == words.size()) {
                throw new IllegalArgumentException(name + " needs a value, or is not known");
            } else {
                options = options.with(name, words.get(++i));
            }
        }
        return options;
    }

    private static Stream<String> split(String argument) {
        int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
        return equals < 0
                ? Stream.of(argument)
                : Stream.of(argument.substring(0, equals), argument.substring(equals + 1));
    }

    private Options with(String name, String value) {
        return switch (name) {
            case "--trace" -> new Options(readable(value), rounds, isQuick, cases, json);
            case "--rounds" -> new Options(trace, number(name, value, 50), isQuick, cases, json);
            case "--cases" -> new Options(trace, rounds, isQuick, cases(value), json);
            case "--json" -> new Options(trace, rounds, isQuick, cases, Path.of(value));
            default -> throw new IllegalArgumentException("there is no option '" + name + "'");
        };
    }

    private static Path readable(String file) {
        Path path = Path.of(file);
        if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
            throw new IllegalArgumentException("--trace: cannot read '" + file + "'");
        }
        return path;
    }

    private static Set<Case> cases(String names) {
        EnumSet<Case> chosen = EnumSet.noneOf(Case.class);
        Stream.of(names.split(",", -1)).map(Case::named).forEach(chosen::add);
        return chosen;
    }

    private static int number(String name, String value, int most) {
        if (value.matches("[0-9]{1,6}")) {
            int number = Integer.parseInt(value);
            if (number >= 1 && number <= most) {
                return number;
            }
        }
        throw new IllegalArgumentException(name + " takes a number from 1 to " + most + ", not '" + value + "'");
    }
}
