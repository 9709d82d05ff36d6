package ai.materi.gateway.bench;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The command line.
 *
 * @param seconds that one measurement counts
 * @param warmUp seconds of each kind of request after the start
 * @param rate requests a second of the shape {@code fixed}
 * @param connections of the shapes {@code fixed} and {@code full}
 * @param json where the numbers go; null for nowhere
 */
record Options(
        int seconds,
        int warmUp,
        int rate,
        int connections,
        Set<Shape> shapes,
        @Nullable Path json) {
    /** What can be measured. */
    enum Shape {
        FIXED,
        FULL,
        USERS;

        static Shape named(String name) {
            return Stream.of(values())
                    .filter(shape -> shape.name().equals(name.toUpperCase(Locale.ROOT)))
                    .findFirst()
                    .orElseThrow(() ->
                            new IllegalArgumentException("there is no shape '" + name + "' (fixed, full, users)"));
        }
    }

    static final String HELP = """
            List, read and create documents of a node of its own, beside a bare Vert.x server on the same PostgreSQL.

            Usage: ./materi bench api [OPTIONS]

            Options:               default
              --seconds N          10     that one measurement counts, 1 to 300; warm-up comes on top
              --warmup N           15     seconds of each kind of request after the start, 1 to 300
              --rate N             1000   requests a second of the shape fixed, 1 to 20000
              --connections N      64     keep-alive connections of the shapes fixed and full, 1 to 1000
              --shapes A,B         fixed,full,users
              --json FILE                 also writes the numbers there
              --help

            Shapes:
              fixed   list, read and create, each alone at a constant rate; the time of a request runs from the moment
                      at which it was due (no coordinated omission)
              full    as many as the server takes; reads in three rounds, each beside the bare server
              users   100 users, growing to 200: list, half a second, create, half a second; three times as long

            The node runs in a temporary folder with the development profile, embedded services and raised rate limits;
            DATABASE_URL and REDIS_URL are not used. MATERI_JAVA_OPTS goes to its JVM. Missed targets are printed; only a
            run that failed ends with a non-zero code.
            """;

    static Options parse(List<String> arguments) {
        Options options = new Options(10, 15, 1000, 64, EnumSet.allOf(Shape.class), null);
        List<String> words = arguments.stream().flatMap(Options::split).toList();
        for (int i = 0; i < words.size(); i += 2) {
            if (i + 1 == words.size()) {
                throw new IllegalArgumentException(words.get(i) + " needs a value, or is not known");
            }
            options = options.with(words.get(i), words.get(i + 1));
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
            case "--seconds" -> new Options(number(name, value, 300), warmUp, rate, connections, shapes, json);
            case "--warmup" -> new Options(seconds, number(name, value, 300), rate, connections, shapes, json);
            case "--rate" -> new Options(seconds, warmUp, number(name, value, 20_000), connections, shapes, json);
            case "--connections" -> new Options(seconds, warmUp, rate, number(name, value, 1000), shapes, json);
            case "--shapes" -> new Options(seconds, warmUp, rate, connections, shapes(value), json);
            case "--json" -> new Options(seconds, warmUp, rate, connections, shapes, Path.of(value));
            default -> throw new IllegalArgumentException("there is no option '" + name + "'");
        };
    }

    private static Set<Shape> shapes(String names) {
        EnumSet<Shape> chosen = EnumSet.noneOf(Shape.class);
        Stream.of(names.split(",", -1)).map(Shape::named).forEach(chosen::add);
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
