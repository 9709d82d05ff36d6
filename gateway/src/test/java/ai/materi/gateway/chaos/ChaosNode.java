package ai.materi.gateway.chaos;

import ai.materi.platform.node.Cable;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A node as a process of its own, which can be killed and paused, with lines to PostgreSQL, Redis and its clients that can
 * be cut. Its ports stay the same from one start to the next.
 */
final class ChaosNode {
    /**
     * Where it listens.
     *
     * @param cluster of Hazelcast
     */
    record Ports(int http, int grpc, int operator, int cluster, int bus) {}

    private static final String NORMAL = "normal";
    private static final String CLUSTERED = "MATERI_CLUSTER_ENABLED";
    private static final Duration START = Duration.ofMinutes(5);
    private static final int STOP_SECONDS = 20;
    private static final int FIRST_GROUP = 42_000;
    private static final Pattern PEERS = Pattern.compile("(?m)^materi_collab_bus_peers(?:\\{[^}]*})? (\\d+)");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path home;
    private final Path data;
    private final int number;
    private final Ports ports;
    private final Map<String, String> settings;
    private final Cable toPostgres;
    private final Cable toRedis;
    private final Cable door;
    private @Nullable Process process;

    /**
     * @param home where {@code ./materi} is
     * @param number from 1
     * @param settings variables that all nodes of the stand have
     */
    ChaosNode(
            Vertx vertx,
            Path home,
            Path data,
            int number,
            Ports ports,
            Map<String, String> settings,
            StoredServices services) {
        this.home = home;
        this.data = data;
        this.number = number;
        this.ports = ports;
        this.toPostgres = services.lineToPostgres();
        this.toRedis = services.lineToRedis();
        this.door = Cable.to(vertx, "http://127.0.0.1:" + ports.http());
        this.settings = new TreeMap<>(settings);
        this.settings.put("DATABASE_URL", toPostgres.through(services.postgresUrl()));
        this.settings.put("REDIS_URL", toRedis.through(services.redisUrl()));
        this.settings.put("MATERI_CLUSTER_PORT", Integer.toString(ports.cluster()));
        this.settings.put("MATERI_CLUSTER_BUS_PORT", Integer.toString(ports.bus()));
    }

    int number() {
        return number;
    }

    Ports ports() {
        return ports;
    }

    /** Of its clients. */
    Cable door() {
        return door;
    }

    Cable toPostgres() {
        return toPostgres;
    }

    boolean clustered() {
        return "true".equals(settings.get(CLUSTERED));
    }

    /** From its next start on. */
    void joins(boolean cluster) {
        settings.put(CLUSTERED, Boolean.toString(cluster));
    }

    boolean runs() {
        Process now = process;
        return now != null && now.isAlive();
    }

    /** Returns when it is ready. */
    void start() throws IOException, InterruptedException {
        start(Map.of());
    }

    /** @param more variables for this start alone */
    void start(Map<String, String> more) throws IOException, InterruptedException {
        launch(more);
        awaitReady();
    }

    void launch(Map<String, String> more) throws IOException {
        Files.createDirectories(data);
        List<String> command = new ArrayList<>(Packets.lacks().isEmpty() ? asGroup() : List.of());
        command.addAll(List.of(
                home.resolve("materi").toString(),
                "serve",
                "--no-build",
                "--profile=development",
                "--data=" + data,
                "--http-port=" + ports.http(),
                "--grpc-port=" + ports.grpc(),
                "--operator-port=" + ports.operator()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("MATERI_"));
        builder.environment().putAll(settings);
        builder.environment().putAll(more);
        process = builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
    }

    /** By which its packets are told from those of others. */
    int group() {
        return FIRST_GROUP + number;
    }

    private List<String> asGroup() {
        return List.of("setpriv", "--regid=" + group(), "--clear-groups");
    }

    /** How many other nodes it hears of; -1 when it does not say. */
    int peers() {
        HttpRequest metrics = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ports.operator() + "/metrics"))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            Matcher peers =
                    PEERS.matcher(http.send(metrics, BodyHandlers.ofString()).body());
            return peers.find() ? Integer.parseInt(peers.group(1)) : -1;
        } catch (IOException silent) {
            return -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    Path log() {
        return data.resolveSibling("node-" + number + ".log");
    }

    void awaitReady() throws IOException, InterruptedException {
        HttpRequest ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ports.http() + "/readyz"))
                .timeout(Duration.ofSeconds(5))
                .build();
        long end = System.nanoTime() + START.toNanos();
        while (!isWell(ready)) {
            if (process().waitFor(50, TimeUnit.MILLISECONDS)) {
                throw new IOException(
                        "node " + number + " ended with " + process().exitValue() + ":\n" + lastWords());
            }
            if (System.nanoTime() - end > 0) {
                throw new IOException("node " + number + " was not ready within " + START + ":\n" + lastWords());
            }
        }
    }

    /** Ready, and with nothing that is not well: what the last trial did to it is over. */
    private boolean isWell(HttpRequest request) throws InterruptedException {
        try {
            HttpResponse<Void> answer = http.send(request, BodyHandlers.discarding());
            String level = answer.headers().firstValue("Materi-Degradation").orElse(NORMAL);
            return answer.statusCode() == 200 && level.equals(NORMAL);
        } catch (IOException notYet) {
            return false;
        }
    }

    private String lastWords() throws IOException {
        List<String> lines = Files.readAllLines(log());
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    }

    void kill() throws InterruptedException {
        process().destroyForcibly().waitFor();
    }

    void pause() throws IOException, InterruptedException {
        Signals.send("STOP", process().toHandle());
    }

    void resume() throws IOException, InterruptedException {
        Signals.send("CONT", process().toHandle());
    }

    /** In order, or by force when that takes too long. */
    void stop() throws InterruptedException {
        Process now = process;
        if (now == null) {
            return;
        }
        now.destroy();
        if (!now.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
            now.destroyForcibly().waitFor();
        }
    }

    /** Ends it without waiting. */
    void abandon() {
        Process now = process;
        if (now != null) {
            now.destroyForcibly();
        }
    }

    private Process process() {
        Process now = process;
        if (now == null) {
            throw new IllegalStateException("node " + number + " was never started");
        }
        return now;
    }
}
