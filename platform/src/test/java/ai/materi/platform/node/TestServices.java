package ai.materi.platform.node;

import ai.materi.platform.embedded.EmbeddedPostgres;
import ai.materi.platform.embedded.EmbeddedRedis;
import ai.materi.platform.embedded.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The PostgreSQL and the Redis that the tests of one JVM share: those of DATABASE_URL and REDIS_URL, else embedded ones
 * under {@code target/services}, started when first asked for. Everybody gets a database and a key space of their own.
 *
 * <p>With an external Redis the key spaces are its databases from 1 on, in turn, half of them for each of the two JVMs that run
 * tests side by side. Give it many ({@code databases}): what is used a second time is not empty.
 */
public final class TestServices {
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final AtomicInteger KEY_SPACES = new AtomicInteger();
    private static final int EMBEDDED_KEY_SPACES = 1023;
    /** Which of the JVMs that run side by side this is, from 1. */
    private static final int FORK = Integer.getInteger("tests.fork", 1);

    private static final int FORKS = 2;

    private static @Nullable EmbeddedPostgres postgres;
    private static @Nullable EmbeddedRedis redis;
    private static @Nullable Path data;
    private static int databases;

    private TestServices() {}

    /** The URL of a new, empty database, as its owner. */
    public static String freshDatabase() {
        String server = serverUrl();
        String name = "materi_test_" + ProcessHandle.current().pid() + "_" + DATABASES.incrementAndGet();
        execute(server, "CREATE DATABASE " + name);
        return withPath(server, "/" + name);
    }

    /** Ends everything that works in it, which the server's own vacuum may be, and drops it. */
    public static void drop(String databaseUrl) {
        String name = URI.create(databaseUrl).getPath().substring(1);
        administrate(serverUrl(), "DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
    }

    /** The URL of a Redis database that nobody else in this JVM uses. */
    public static String freshKeySpace() {
        int number = KEY_SPACES.getAndIncrement();
        @Nullable String external = System.getenv("REDIS_URL");
        if (external == null) {
            return withPath(embeddedRedis().url(), "/" + (1 + number % EMBEDDED_KEY_SPACES));
        }
        int mine = (databasesOf(URI.create(external)) - 1) / FORKS;
        return withPath(external, "/" + (1 + FORK % FORKS * mine + number % mine));
    }

    /** How many the server has; asked once. */
    private static synchronized int databasesOf(URI redis) {
        if (databases == 0) {
            databases = countDatabases(redis);
        }
        return databases;
    }

    private static int countDatabases(URI redis) {
        String login = redis.getUserInfo().replaceFirst("^:", "").replaceFirst(":", " ");
        try (Socket socket = new Socket(redis.getHost(), redis.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("AUTH " + login + "\r\nCONFIG GET databases\r\nQUIT\r\n").getBytes(StandardCharsets.UTF_8));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Integer.parseInt(answer.replaceFirst("(?s).*databases\r\n\\$\\d+\r\n(\\d+).*", "$1"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** As the owner. */
    public static Connection connect(String databaseUrl) throws SQLException {
        URI uri = URI.create(databaseUrl);
        String[] user = uri.getUserInfo().split(":", 2);
        String jdbc = "jdbc:postgresql://" + uri.getHost() + ":" + uri.getPort() + uri.getPath();
        return DriverManager.getConnection(jdbc, user[0], user[1]);
    }

    /** Runs one statement as the owner. */
    public static void execute(String databaseUrl, String sql) {
        try (Connection connection = connect(databaseUrl);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /**
     * Runs one statement as the server's superuser: the owner itself, or, where the owner is none, the one named by
     * {@code ADMINISTRATOR_URL}.
     */
    public static void administrate(String databaseUrl, String sql) {
        @Nullable String administrator = System.getenv("ADMINISTRATOR_URL");
        execute(
                administrator == null
                        ? databaseUrl
                        : withPath(administrator, URI.create(databaseUrl).getPath()),
                sql);
    }

    private static String serverUrl() {
        @Nullable String external = System.getenv("DATABASE_URL");
        return external == null ? embeddedPostgres().url() : external;
    }

    private static String withPath(String url, String path) {
        URI uri = URI.create(url);
        return uri.getScheme() + "://" + uri.getRawUserInfo() + "@" + uri.getHost() + ":" + uri.getPort() + path;
    }

    private static synchronized EmbeddedPostgres embeddedPostgres() {
        if (postgres == null) {
            postgres = EmbeddedPostgres.start(data(), Programs.cachedOr(data()), "owner-of-tests");
        }
        return postgres;
    }

    private static synchronized EmbeddedRedis embeddedRedis() {
        if (redis == null) {
            redis = EmbeddedRedis.start(data(), Programs.cachedOr(data()), "redis-of-tests");
        }
        return redis;
    }

    private static synchronized Path data() {
        if (data == null) {
            Path fresh = Path.of(
                            "target",
                            "services",
                            Long.toString(ProcessHandle.current().pid()))
                    .toAbsolutePath();
            delete(fresh);
            Runtime.getRuntime().addShutdownHook(new Thread(TestServices::end, "test-services-end"));
            data = fresh;
        }
        return data;
    }

    private static synchronized void end() {
        try {
            if (redis != null) {
                redis.stop();
            }
            if (postgres != null) {
                postgres.stop();
            }
            if (data != null) {
                delete(data);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
