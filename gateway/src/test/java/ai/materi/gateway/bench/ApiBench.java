package ai.materi.gateway.bench;

import ai.materi.gateway.bench.Options.Shape;
import ai.materi.gateway.bench.Report.Target;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

/** {@code ./materi bench api}: starts a node, loads it in every shape that was asked for, prints what came of it. */
public final class ApiBench implements AutoCloseable {
    private static final int DOCUMENTS = 1000;
    private static final int ROUNDS = 3;
    private static final int USERS = 200;
    private static final int WARM_UP_CONNECTIONS = 16;
    private static final double MAX_P99_MILLIS = 15;
    private static final double MIN_READS = 10_000;
    private static final double MIN_RATIO = 0.6;
    private static final double MAX_USERS_P95_MILLIS = 50;
    private static final double MAX_ERRORS = 0.01;

    private final Options options;
    private final MateriNode node;
    private final Report report;
    /** Everything that the generator does happens on one event loop, so that it costs little. */
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));

    private final Context loop = vertx.getOrCreateContext();

    private ApiBench(Options options, MateriNode node, Report report) {
        this.options = options;
        this.node = node;
        this.report = report;
    }

    /** The property {@code materi.home} says where {@code ./materi} is. */
    public static void main(String[] arguments) {
        if (List.of(arguments).contains("--help") || List.of(arguments).contains("-h")) {
            System.out.print(Options.HELP);
            return;
        }
        try {
            Options options = Options.parse(List.of(arguments));
            run(options);
            System.exit(0);
        } catch (IllegalArgumentException e) {
            System.err.println("materi: " + e.getMessage() + " (./materi bench api --help)");
            System.exit(2);
        } catch (Exception e) {
            System.err.println("materi: the benchmark failed: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void run(Options options) throws Exception {
        Report report = new Report(new PrintStream(System.out, true, StandardCharsets.UTF_8));
        report.begin(options);
        try (MateriNode node = MateriNode.start(Path.of(System.getProperty("materi.home", ".")));
                ApiBench bench = new ApiBench(options, node, report)) {
            bench.measure();
        }
        if (options.json() != null) {
            report.write(options.json(), options);
        }
    }

    private void measure() throws IOException, InterruptedException {
        Api api = Api.signIn(node.port());
        api.createDocuments(DOCUMENTS);
        for (Question question : api.questions()) {
            warmUp(node.port(), question);
        }
        if (options.shapes().contains(Shape.FIXED)) {
            fixed(api.again());
        }
        if (options.shapes().contains(Shape.FULL)) {
            full(api.again());
        }
        if (options.shapes().contains(Shape.USERS)) {
            users(api.again());
        }
    }

    private void fixed(Api api) {
        report.heading(
                "fixed: %d requests a second of one kind alone, %d connections; times from when a request was due",
                options.rate(), options.connections());
        for (Question question : api.questions()) {
            Measured<Outcome> measured = load(
                    node.port(),
                    node.handle(),
                    options.connections(),
                    lines -> OpenLoop.run(vertx, lines, question, options.rate(), window()));
            Outcome outcome = measured.result();
            report.line("fixed", question.name(), outcome, p99(outcome));
            report.cost(outcome.made(), measured.cores());
        }
    }

    private static Target p99(Outcome outcome) {
        boolean met = outcome.latencies().millis(0.99) <= MAX_P99_MILLIS && outcome.errors() == 0;
        return new Target("p99 ≤ 15 ms", met);
    }

    private void full(Api api) throws IOException, InterruptedException {
        report.heading("full: as many as %d connections get answered", options.connections());
        besideBare(api);
        for (Question question : List.of(api.list(), api.create())) {
            Measured<Outcome> measured = closed(node.port(), node.handle(), question);
            report.line("full", question.name(), measured.result(), Target.NONE);
            report.cost(measured.result().made(), measured.cores());
        }
    }

    private void besideBare(Api api) throws IOException, InterruptedException {
        int eventLoops = Runtime.getRuntime().availableProcessors();
        List<Outcome> ours = new ArrayList<>();
        List<Outcome> bare = new ArrayList<>();
        try (BarePeer peer = BarePeer.start(node.javaOptions(), eventLoops, node.ownerUrl())) {
            requireSame(api.read(node.port()), api.read(peer.port()));
            warmUp(peer.port(), api.read());
            for (int round = 1; round <= ROUNDS; round++) {
                ours.add(read("read " + round, api, node.port(), node.handle()));
                bare.add(read("bare read " + round, api, peer.port(), peer.handle()));
            }
        }
        Outcome all = ours.stream().reduce(Outcome::plus).orElseThrow();
        Outcome allBare = bare.stream().reduce(Outcome::plus).orElseThrow();
        Target rate = new Target("≥ 10,000 a second", all.perSecond() >= MIN_READS);
        report.line("full", "read, all", all, rate);
        report.line("full", "bare read, all", allBare, Target.NONE);
        double ratio = all.perSecond() / allBare.perSecond();
        report.ratio("full", "Materi : bare", ratio, new Target("≥ 0.6", ratio >= MIN_RATIO));
    }

    private Outcome read(String name, Api api, int port, ProcessHandle server) {
        Measured<Outcome> measured = closed(port, server, api.read());
        report.line("full", name, measured.result(), Target.NONE);
        report.cost(measured.result().made(), measured.cores());
        return measured.result();
    }

    private static void requireSame(String ours, String bare) {
        if (!ours.equals(bare)) {
            throw new IllegalStateException("Materi and the bare server answer differently:\n" + ours + "\n" + bare);
        }
    }

    private void users(Api api) {
        int seconds = 3 * options.seconds();
        report.heading(
                "users: %d in the first second, growing to %d over %d s; list, 0.5 s, create, 0.5 s",
                USERS / 2, USERS, seconds);
        List<Question> questions = List.of(api.list(), api.create());
        Measured<List<Outcome>> measured = load(
                node.port(),
                node.handle(),
                USERS,
                lines -> Crowd.run(vertx, lines, questions, Window.startingNow(0, seconds)));
        List<Outcome> outcomes = measured.result();
        for (int i = 0; i < outcomes.size(); i++) {
            report.line("users", questions.get(i).name(), outcomes.get(i), Target.NONE);
        }
        Outcome both = outcomes.get(0).plus(outcomes.get(1));
        report.line("users", "both", alongside(both), users(both));
        report.cost(both.made(), measured.cores());
    }

    /** Both ran in the same seconds, not one after the other. */
    private static Outcome alongside(Outcome sum) {
        return new Outcome(sum.latencies(), sum.wrong(), sum.seconds() / 2, sum.made());
    }

    private static Target users(Outcome both) {
        boolean met = both.latencies().millis(0.95) < MAX_USERS_P95_MILLIS && both.errorShare() < MAX_ERRORS;
        return new Target("p95 < 50 ms, errors < 1 %", met);
    }

    private Measured<Outcome> closed(int port, ProcessHandle server, Question question) {
        return load(port, server, options.connections(), lines -> ClosedLoop.run(lines, question, window()));
    }

    /** Until the JVM has compiled what matters; not counted. */
    private void warmUp(int port, Question question) {
        load(
                port,
                node.handle(),
                WARM_UP_CONNECTIONS,
                lines -> ClosedLoop.run(lines, question, Window.startingNow(options.warmUp(), 0)));
    }

    private Window window() {
        double warmUp = Math.min(5, Math.max(1, options.seconds() / 2.0));
        return Window.startingNow(warmUp, options.seconds());
    }

    private record Measured<T>(T result, Cores.Used cores) {}

    private <T> Measured<T> load(int port, ProcessHandle server, int connections, Function<Lines, Future<T>> shape) {
        Cores before = Cores.now(server, node.handle());
        T result = onLoop(() -> Lines.open(vertx, port, connections)
                .compose(lines -> shape.apply(lines).eventually(lines::close)));
        return new Measured<>(result, Cores.now(server, node.handle()).since(before));
    }

    private <T> T onLoop(Supplier<Future<T>> work) {
        Promise<T> result = Promise.promise();
        loop.runOnContext(now -> work.get().onComplete(result));
        try {
            return result.future().await(3L * options.seconds() + options.warmUp() + 60, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("a measurement did not come to its end", e);
        }
    }

    @Override
    public void close() throws TimeoutException {
        vertx.close().await(10, TimeUnit.SECONDS);
    }
}
