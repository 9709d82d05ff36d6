package ai.materi.gateway.bench;

import ai.materi.platform.node.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A node of Materi as a process of its own, on free ports and in a temporary data folder that goes with it. */
final class MateriNode implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration STOP = Duration.ofSeconds(20);
    private static final String BOUNDLESS = "100000000";

    private final Path data;
    private final int port;
    private final Process process;

    private MateriNode(Path data, int port, Process process) {
        this.data = data;
        this.port = port;
        this.process = process;
    }

    /**
     * Waits until it is ready.
     *
     * @param home where {@code ./materi} is
     */
    static MateriNode start(Path home) throws IOException, InterruptedException {
        Path data = Files.createTempDirectory("materi-bench-");
        List<Integer> ports = FreePorts.take(3);
        Process process = process(home, data, ports).start();
        MateriNode node = new MateriNode(data, ports.get(0), process);
        Runtime.getRuntime().addShutdownHook(new Thread(node::close, "stop the node"));
        try {
            node.awaitReady();
            return node;
        } catch (IOException | InterruptedException | RuntimeException e) {
            node.close();
            throw e;
        }
    }

    private static ProcessBuilder process(Path home, Path data, List<Integer> ports) {
        ProcessBuilder builder = new ProcessBuilder(
                home.resolve("materi").toString(),
                "serve",
                "--no-build",
                "--profile=development",
                "--data=" + data,
                "--http-port=" + ports.get(0),
                "--grpc-port=" + ports.get(1),
                "--operator-port=" + ports.get(2));
        Map<String, String> environment = builder.environment();
        List.of("DATABASE_URL", "REDIS_URL", "MATERI_POSTGRES_URL", "MATERI_REDIS_URL")
                .forEach(environment::remove);
        Stream.of("ADDRESS", "USER", "WORKSPACE", "SIGN_IN", "ACCOUNT")
                .forEach(who -> environment.put("MATERI_API_LIMITS_" + who + "_PER_MINUTE", BOUNDLESS));
        return builder.redirectErrorStream(true)
                .redirectOutput(data.resolve("bench.log").toFile());
    }

    private void awaitReady() throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/readyz"))
                .timeout(Duration.ofSeconds(5))
                .build();
        long end = System.nanoTime() + START.toNanos();
        while (!answersOk(client, ready)) {
            if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
                throw new IOException("the node ended with " + process.exitValue() + ":\n" + lastWords());
            }
            if (System.nanoTime() - end > 0) {
                throw new IOException("the node was not ready within " + START.toSeconds() + " s:\n" + lastWords());
            }
        }
    }

    private static boolean answersOk(HttpClient client, HttpRequest request) throws InterruptedException {
        try {
            return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private String lastWords() throws IOException {
        List<String> lines = Files.readAllLines(data.resolve("bench.log"));
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    }

    int port() {
        return port;
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** The options of its JVM, without those that name files of this one process. */
    List<String> javaOptions() {
        return process.info().arguments().stream()
                .flatMap(Stream::of)
                .takeWhile(option -> !option.equals("-jar"))
                .filter(option -> !option.startsWith("-XX:SharedArchiveFile") && !option.startsWith("-XX:StartFlight"))
                .toList();
    }

    /** The embedded PostgreSQL as its owner, to whom no row policy applies; found in the data folder. */
    String ownerUrl() throws IOException {
        String password = Files.readString(data.resolve("secrets").resolve("postgres.password"))
                .strip();
        // The fourth line of this file is the port (PostgreSQL, src/include/utils/pidfile.h).
        String database =
                Files.readAllLines(data.resolve("postgres/postmaster.pid")).get(3);
        return "postgres://materi_owner:" + password + "@127.0.0.1:" + database + "/materi";
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            forgetData();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            System.err.println("materi: " + data + " could not be removed: " + e);
        }
    }

    private void forgetData() throws IOException {
        if (!Files.exists(data)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> files = Files.walk(data)) {
            deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : deepestFirst) {
            Files.deleteIfExists(file);
        }
    }
}
