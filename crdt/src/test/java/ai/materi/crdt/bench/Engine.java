package ai.materi.crdt.bench;

import ai.materi.crdt.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** An implementation in a process of its own, asked for one measurement at a time. */
final class Engine implements AutoCloseable {
    private static final int MINUTES = 10;

    private final String name;
    private final Process process;
    private final Writer to;
    private final BufferedReader from;
    private final ExecutorService reading = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "answers");
        thread.setDaemon(true);
        return thread;
    });

    private Engine(String name, List<String> command) throws IOException {
        this.name = name;
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        to = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
        from = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "end " + name));
    }

    static Engine materi(int heapMegabytes) throws IOException {
        return new Engine(
                "Materi",
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-Xmx" + heapMegabytes + "m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        EngineWorker.class.getName()));
    }

    /**
     * A library from npm.
     *
     * @param home where {@code ./materi} is
     */
    static Engine peer(Path home, String library) throws IOException {
        String program = home.resolve("interop/bench/crdt/peer.mjs").toString();
        return new Engine(library, new ArrayList<>(List.of("node", "--expose-gc", program, library)));
    }

    String name() {
        return name;
    }

    /** Throws {@link IllegalStateException} when it ended, or did not answer in time. */
    Map<?, ?> ask(Map<String, ?> request) throws IOException {
        to.write(Json.stringify(request) + "\n");
        to.flush();
        String line = awaitLine(request);
        if (line == null) {
            throw new IllegalStateException(name + " ended at " + request);
        }
        return (Map<?, ?>) Json.parse(line);
    }

    private String awaitLine(Map<String, ?> request) {
        try {
            return reading.submit(from::readLine).get(MINUTES, TimeUnit.MINUTES);
        } catch (TimeoutException e) {
            throw new IllegalStateException(name + " took over " + MINUTES + " minutes for " + request, e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(name + " cannot be read from", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        reading.shutdownNow();
    }
}
