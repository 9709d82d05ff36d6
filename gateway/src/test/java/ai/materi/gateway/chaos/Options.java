package ai.materi.gateway.chaos;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * The command line.
 *
 * @param rounds of each row, each with a seed of its own
 * @param seed of the first round
 * @param unhurried whether healing that takes too long is only told
 */
record Options(List<Row> rows, int rounds, long seed, boolean unhurried) {
    static final String HELP = """
            Break things while editors write, and count what is left: every acknowledged edit present once, the log
            gapless, all nodes and all editors equal.

            Usage: ./materi chaos [OPTIONS]

            Options:
              --rows A,B     these rows; without it all of them
              --short        the short selection
              --rounds N     each row so often, with the next seed each time; 1 to 1000, default 1
              --seed N       the first seed; without it a random one
              --unhurried    a row that heals too late is told, but no failure: for machines that others use too
              --list         the rows, and what they do
              --help

            Nodes, PostgreSQL and Redis are processes of their own in a temporary folder. A row that needs what this
            machine does not have is left out and says so. Ends with 1 when anything was violated; the folder with the
            logs then stays.
            """;

    private static final int MOST_ROUNDS = 1000;

    static Options parse(List<String> arguments) {
        Options options = new Options(Rows.ALL, 1, ThreadLocalRandom.current().nextInt(1_000_000), false);
        List<String> words = arguments.stream().flatMap(Options::split).toList();
        for (int i = 0; i < words.size(); i++) {
            String name = words.get(i);
            options = switch (name) {
                case "--short" ->
                    options.with(Rows.ALL.stream().filter(Row::brief).toList());
                case "--unhurried" -> new Options(options.rows, options.rounds, options.seed, true);
                case "--rows", "--rounds", "--seed" -> options.with(name, value(words, ++i));
                default -> throw new IllegalArgumentException("there is no option '" + name + "'");
            };
        }
        return options;
    }

    private static Stream<String> split(String argument) {
        int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
        return equals < 0
                ? Stream.of(argument)
                : Stream.of(argument.substring(0, equals), argument.substring(equals + 1));
    }

    private static String value(List<String> words, int at) {
        if (at == words.size()) {
            throw new IllegalArgumentException(words.get(at - 1) + " needs a value");
        }
        return words.get(at);
    }

    private Options with(List<Row> chosen) {
        return new Options(chosen, rounds, seed, unhurried);
    }

    private Options with(String name, String value) {
        return switch (name) {
            case "--rows" ->
                with(Stream.of(value.split(",", -1)).map(Rows::named).toList());
            case "--rounds" -> new Options(rows, (int) number(name, value, 1, MOST_ROUNDS), seed, unhurried);
            default -> new Options(rows, rounds, number(name, value, 0, Long.MAX_VALUE), unhurried);
        };
    }

    private static long number(String name, String value, long least, long most) {
        if (value.matches("[0-9]{1,18}")) {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw new IllegalArgumentException(
                name + " takes a number from " + least + " to " + most + ", not '" + value + "'");
    }
}
