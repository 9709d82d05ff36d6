package ai.materi.platform.node;

import ai.materi.platform.config.Settings;
import ai.materi.platform.config.TestSettings;
import io.vertx.core.VerticleBase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A whole node for a test, on free ports, with a database and a Redis key space of its own on the servers that the tests of
 * this JVM share: those of DATABASE_URL and REDIS_URL, else embedded ones.
 *
 * <pre>{@code
 * try (TestNode test = TestNode.start(Map.of("drain.notice", "0s"))) {
 *     test.deploy(AuthVerticle::new).open();
 *     int port = test.node().http().port();
 * }
 * }</pre>
 */
public final class TestNode implements AutoCloseable {
    private final Boot boot;
    private final Path data;
    private final String databaseUrl;
    private final String redisUrl;
    private final boolean ownsDatabase;

    private TestNode(Boot boot, Path data, String databaseUrl, String redisUrl, boolean ownsDatabase) {
        this.boot = boot;
        this.data = data;
        this.databaseUrl = databaseUrl;
        this.redisUrl = redisUrl;
        this.ownsDatabase = ownsDatabase;
    }

    /** Boots a node of the development profile with these settings by dotted path; it does not listen yet. */
    public static TestNode start(Map<String, String> settings) {
        return start(settings, TestServices.freshDatabase(), TestServices.freshKeySpace(), true);
    }

    /** Another node on the same database and key space. */
    public TestNode sibling(Map<String, String> settings) {
        return start(settings, databaseUrl, redisUrl, false);
    }

    private static TestNode start(
            Map<String, String> settings, String databaseUrl, String redisUrl, boolean ownsDatabase) {
        try {
            Path target = Files.createDirectories(Path.of("target").toAbsolutePath());
            Path data = Files.createTempDirectory(target, "node-");
            Map<String, String> values = new HashMap<>(Map.of(
                    "http.port", "0",
                    "grpc.port", "0",
                    "operator.port", "0",
                    "postgres.url", databaseUrl,
                    "redis.url", redisUrl));
            values.putAll(settings);
            return new TestNode(Boot.start(TestSettings.with(data, values)), data, databaseUrl, redisUrl, ownsDatabase);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Node node() {
        return boot.node();
    }

    public Settings settings() {
        return node().settings();
    }

    public Boot boot() {
        return boot;
    }

    /** The URL of its database, as the owner of the schemas. */
    public String databaseUrl() {
        return databaseUrl;
    }

    public String redisUrl() {
        return redisUrl;
    }

    public TestNode deploy(Function<Node, ? extends VerticleBase> verticle) {
        Await.result(node().vertx().deployVerticle(verticle.apply(node())));
        return this;
    }

    /** Listens. */
    public TestNode open() {
        Await.result(boot.open());
        return this;
    }

    /** Drains, ends everything and drops the database. */
    @Override
    public void close() {
        boot.close();
        if (ownsDatabase) {
            TestServices.drop(databaseUrl);
        }
        try (Stream<Path> paths = Files.walk(data)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
