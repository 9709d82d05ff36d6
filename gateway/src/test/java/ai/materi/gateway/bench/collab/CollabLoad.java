package ai.materi.gateway.bench.collab;

import ai.materi.gateway.bench.Cores;
import ai.materi.gateway.bench.Latencies;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Loads, one after the other, in a process of its own that is warm after the first: each line of its input is a {@link Load} as
 * JSON, and answered by a line of JSON.
 */
public final class CollabLoad implements AutoCloseable {
    private static final int OPENING_AT_ONCE = 50;
    private static final int READERS_A_LOOK = 10;
    private static final long OPEN_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(60);
    /** For cursors that are on their way. */
    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);
    /** For edits that are. */
    private static final long LONGEST_REST_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Load load;
    private final Reactor reactor = new Reactor();
    private final Measures measures = new Measures();
    private final Beats edits;
    private final Beats moves;
    private final Latencies opened = new Latencies();
    private int opening;

    private CollabLoad(Load load) throws IOException {
        this.load = load;
        Random random = new Random();
        this.edits = new Beats(TimeUnit.SECONDS.toNanos(1) / load.rate(), random);
        this.moves = new Beats(TimeUnit.SECONDS.toNanos(1), random);
    }

    public static void main(String[] arguments) {
        try (BufferedReader loads = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String load = loads.readLine(); load != null; load = loads.readLine()) {
                System.out.println(run(load).encode());
            }
        } catch (IOException | RuntimeException e) {
            System.err.println("materi: the load failed: " + e);
            System.exit(1);
        }
    }

    /**
     * Carries out a {@link Load} and tells what came of it.
     *
     * @throws IllegalStateException when a document could not be opened
     */
    public static JsonObject run(String load) throws IOException {
        try (CollabLoad run = new CollabLoad(Load.parse(load))) {
            return run.measure();
        }
    }

    private JsonObject measure() throws IOException {
        open();
        long began = System.nanoTime();
        edits.start(began);
        moves.start(began);
        long from = began + TimeUnit.SECONDS.toNanos(load.warmUp());
        run(from, new Latencies());
        ProcessHandle server = ProcessHandle.of(load.pid()).orElseThrow();
        Cores before = Cores.now(server, server);
        Latencies late = new Latencies();
        measures.begin(System.nanoTime());
        run(System.nanoTime() + TimeUnit.SECONDS.toNanos(load.seconds()), late);
        measures.end(System.nanoTime());
        Cores.Used used = Cores.now(server, server).since(before);
        rest();
        return report(used, late);
    }

    private void open() throws IOException {
        long until = System.nanoTime() + OPEN_WITHIN_NANOS;
        for (String document : load.documents()) {
            for (int number = 0; number < load.editors(); number++) {
                open(document, number);
                opening++;
                waitWhile(OPENING_AT_ONCE, until);
            }
        }
        waitWhile(1, until);
    }

    private void open(String document, int number) throws IOException {
        if (number < load.writers()) {
            Writer writer = new Writer(reactor, load, document, number, measures, this::ready);
            edits.add(writer::type);
        } else {
            boolean looks = load.cursors() && number % READERS_A_LOOK == 0;
            new Reader(reactor, load, document, number, looks, measures, this::ready);
        }
    }

    private void ready(Editor editor) {
        opening--;
        opened.record(editor.openedInNanos());
        if (load.cursors()) {
            moves.add(editor::moveCursor);
        }
    }

    private void waitWhile(int atLeast, long until) throws IOException {
        while (opening >= atLeast) {
            if (System.nanoTime() - until > 0) {
                throw new IllegalStateException(opening + " documents were not open within a minute");
            }
            reactor.turn(until);
        }
    }

    private void run(long until, Latencies late) throws IOException {
        for (long now = System.nanoTime(); now - until < 0; now = System.nanoTime()) {
            long next = Math.min(edits.turn(now, late), moves.turn(now, late));
            reactor.turn(Math.min(until, next));
        }
    }

    private void rest() throws IOException {
        long now = System.nanoTime();
        for (long until = now + REST_NANOS; System.nanoTime() - until < 0; ) {
            reactor.turn(until);
        }
        for (long until = now + LONGEST_REST_NANOS; System.nanoTime() - until < 0 && !measures.complete(); ) {
            reactor.turn(until);
        }
    }

    private JsonObject report(Cores.Used used, Latencies late) throws IOException {
        long messages = measures.edits.count() > 0 ? measures.edits.count() : measures.acknowledgements.count();
        JsonObject acknowledged = quantiles(measures.acknowledgements)
                .put("aSecond", measures.acknowledgements.count() / (double) load.seconds());
        return quantiles(measures.edits)
                .put("due", measures.due())
                .put("delivered", measures.edits.count())
                .put("unacknowledged", measures.unacknowledged())
                .put("closed", measures.closedSockets())
                .put("acknowledged", acknowledged)
                .put("presence", quantiles(measures.presence).put("count", measures.presence.count()))
                .put("clientLate", late.millis(0.99))
                .put("openP95", opened.millis(0.95))
                .put("cpuPercent", used.server().toNanos() / 1e7 / used.seconds())
                .put("cpuPerMessageUs", Cores.Used.micros(used.server(), messages))
                .put("cpuAllPerMessageUs", Cores.Used.micros(used.server().plus(used.services()), messages))
                .put("clientPerMessageUs", Cores.Used.micros(used.generator(), messages))
                .put("rssMb", residentMegabytes());
    }

    private static JsonObject quantiles(Latencies of) {
        return new JsonObject()
                .put("p50", millis(of, 0.5))
                .put("p95", millis(of, 0.95))
                .put("p99", millis(of, 0.99));
    }

    private static @Nullable Double millis(Latencies of, double share) {
        return of.count() == 0 ? null : of.millis(share);
    }

    private double residentMegabytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + load.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
                .sum();
    }

    @Override
    public void close() throws IOException {
        reactor.close();
    }
}
