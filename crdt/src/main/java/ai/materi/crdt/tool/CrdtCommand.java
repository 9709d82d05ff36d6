package ai.materi.crdt.tool;

import ai.materi.crdt.Doc;
import ai.materi.crdt.MalformedUpdateException;
import ai.materi.crdt.StateVector;
import ai.materi.crdt.Updates;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** The command: reads its arguments, does one thing, prints; ends with 0, with 1 for bad data and with 2 for bad arguments. */
public final class CrdtCommand {
    static final String HELP = """
            Look into Yjs updates and states, merge them, cut them, replay editing traces. Formats v1 and v2 are told apart.

            Usage: ./materi crdt COMMAND FILES… [OPTIONS]

            Commands:
              inspect FILE                 what is in it: clients, clocks, types, content, deletions, what waits
                --json                     the same for machines
                --structs                  every struct, one a line
                --text NAME, --array NAME, --map NAME, --xml NAME
                                           that root alone, as yjs prints it
              merge FILES…                 one update that says what all of them say
              diff FILE --from VECTOR      what somebody with this state vector lacks (base64, or a file)
              replay TRACE.json.gz         replays an editing trace, checks its end, prints what it took

            Options:
              -                            as FILE: standard input
              --base64                     files and output are base64 rather than bytes
              --format v1|v2               of the output; as the (first) input unless given
              --output FILE                where merge and diff write; standard output unless given
              --help
            """;

    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;

    CrdtCommand(InputStream in, PrintStream out, PrintStream err) {
        this.in = in;
        this.out = out;
        this.err = err;
    }

    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        int code = new CrdtCommand(System.in, out, System.err).run(List.of(arguments));
        out.flush();
        System.exit(code);
    }

    int run(List<String> words) {
        try {
            Arguments arguments = Arguments.of(words);
            if (arguments.has("--help")) {
                out.print(HELP);
                return 0;
            }
            switch (arguments.command()) {
                case "inspect" -> inspect(arguments);
                case "merge" -> merge(arguments);
                case "diff" -> diff(arguments);
                default -> new Replay(out).run(Path.of(arguments.only("replay")));
            }
            return 0;
        } catch (UsageException e) {
            err.println("materi: " + e.getMessage() + " (./materi crdt --help)");
            return 2;
        } catch (BadDataException | IOException e) {
            err.println("materi: " + (e instanceof java.nio.file.NoSuchFileException ? "no such file: " : "")
                    + e.getMessage());
            return 1;
        }
    }

    /** An update as it was given. */
    private static final class Given {
        final String name;
        final byte[] bytes;
        final int format;

        Given(String name, byte[] bytes, int format) {
            this.name = name;
            this.bytes = bytes;
            this.format = format;
        }

        byte[] v1() {
            return format == 1 ? bytes : Updates.toV1(bytes);
        }
    }

    private void inspect(Arguments arguments) throws IOException {
        Given given = read(arguments.only("inspect"), arguments);
        Map<String, String> roots = arguments.roots();
        if (!roots.isEmpty()) {
            Doc doc = open(given);
            roots.forEach((kind, name) -> out.println(Roots.print(doc, kind, name)));
        } else if (arguments.has("--structs")) {
            Updates.decode(given.v1(), struct -> out.println(Inspection.line(struct)));
        } else {
            Inspection inspection =
                    Inspection.of(given.name, given.format, given.bytes.length, given.v1(), open(given));
            inspection.print(out, arguments.has("--json"));
        }
    }

    private static Doc open(Given given) {
        Doc doc = new Doc();
        doc.applyUpdate(given.v1(), null);
        return doc;
    }

    private void merge(Arguments arguments) throws IOException {
        List<Given> given = new ArrayList<>();
        for (String file : arguments.files("merge")) {
            given.add(read(file, arguments));
        }
        int format = arguments.format(given.get(0).format);
        List<byte[]> updates = new ArrayList<>();
        for (Given one : given) {
            updates.add(format == 1 ? one.v1() : one.format == 2 ? one.bytes : Updates.toV2(one.bytes));
        }
        write(format == 1 ? Updates.merge(updates) : Updates.mergeV2(updates), arguments);
    }

    private void diff(Arguments arguments) throws IOException {
        Given given = read(arguments.only("diff"), arguments);
        StateVector from = vector(arguments.from());
        byte[] rest = given.format == 1 ? Updates.diff(given.bytes, from) : Updates.diffV2(given.bytes, from);
        int format = arguments.format(given.format);
        write(format == given.format ? rest : format == 1 ? Updates.toV1(rest) : Updates.toV2(rest), arguments);
    }

    private static StateVector vector(String given) throws IOException {
        byte[] bytes;
        if (Files.isRegularFile(Path.of(given))) {
            bytes = Files.readAllBytes(Path.of(given));
        } else {
            bytes = base64("--from", given);
        }
        try {
            return StateVector.decode(bytes);
        } catch (MalformedUpdateException e) {
            throw new BadDataException("--from is no state vector: " + e.getMessage());
        }
    }

    private Given read(String file, Arguments arguments) throws IOException {
        byte[] bytes = file.equals("-") ? in.readAllBytes() : Files.readAllBytes(Path.of(file));
        String name = file.equals("-") ? "standard input" : file;
        if (arguments.has("--base64")) {
            bytes = base64(name, new String(bytes, StandardCharsets.ISO_8859_1));
        }
        try {
            return new Given(name, bytes, Updates.formatOf(bytes));
        } catch (MalformedUpdateException e) {
            throw new BadDataException(name + " is no update in format v1 (" + e.getMessage() + ") nor in v2 ("
                    + e.getSuppressed()[0].getMessage() + ")");
        }
    }

    private static byte[] base64(String name, String text) {
        try {
            return Base64.getMimeDecoder().decode(text.strip());
        } catch (IllegalArgumentException e) {
            throw new BadDataException(name + " is neither a file nor base64");
        }
    }

    private void write(byte[] update, Arguments arguments) throws IOException {
        byte[] bytes = arguments.has("--base64")
                ? (Base64.getEncoder().encodeToString(update) + "\n").getBytes(StandardCharsets.US_ASCII)
                : update;
        String file = arguments.output();
        if (file.isEmpty()) {
            out.write(bytes);
        } else {
            Files.write(Path.of(file), bytes);
        }
    }
}
