package ai.materi.platform.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;

/**
 * A Redis 6.2 of this instance: append-only, written to the disk every second, on a free port of 127.0.0.1, with a
 * password. All methods block.
 */
public final class EmbeddedRedis {
    private static final Duration PREDECESSOR = Duration.ofSeconds(30);
    private static final int PING_MILLIS = 1000;
    private static final int DATABASES = 1024;

    private final Server server;
    private final String password;

    private EmbeddedRedis(Server server, String password) {
        this.server = server;
        this.password = password;
    }

    /**
     * Starts it.
     *
     * @param data of the instance, locked; Redis gets {@code <data>/redis} and writes {@code <data>/log/redis.log}
     * @param password of base64url signs
     */
    public static EmbeddedRedis start(Path data, Programs programs, String password) {
        Path folder = data.resolve("redis");
        Path log = data.resolve("log").resolve("redis.log");
        try {
            Files.createDirectories(folder);
            Predecessor.awaitGone(folder.resolve("redis.pid"), "redis-server", PREDECESSOR);
            Launch launch = new Launch(folder, log, programs.redis(), password);
            return new EmbeddedRedis(Server.start("Redis", launch), password);
        } catch (IOException e) {
            throw new EmbeddedException("the embedded Redis did not start: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedException("the start of the embedded Redis was interrupted", e);
        }
    }

    private record Launch(Path folder, Path log, Path program, String password) implements Server.Launch {
        @Override
        public Child fork(int port) throws IOException, InterruptedException {
            Path conf = write(folder.resolve("redis.conf"), configuration(folder, port, password));
            return Child.fork("Redis", Privilege.DIRECT, "TERM", log, List.of(program.toString(), conf.toString()));
        }

        @Override
        public boolean ready(Child child, int port) {
            return answers(port, password);
        }
    }

    /** In a file, because arguments are shown to every user of the machine. */
    private static Path write(Path conf, String text) throws IOException {
        Files.deleteIfExists(conf);
        Files.createFile(conf, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(conf, text);
    }

    private static String configuration(Path folder, int port, String password) {
        String quoted = folder.toString().replace("\\", "\\\\").replace("\"", "\\\"");
        return """
                bind 127.0.0.1
                port %d
                requirepass %s
                dir "%s"
                pidfile "%s/redis.pid"
                databases %d
                appendonly yes
                appendfsync everysec
                save ""
                """.formatted(port, password, quoted, quoted, DATABASES);
    }

    private static boolean answers(int port, String password) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PING_MILLIS);
            socket.getOutputStream().write(("AUTH " + password + "\r\nPING\r\n").getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readNBytes("+OK\r\n+PONG".length());
            return new String(answer, StandardCharsets.US_ASCII).equals("+OK\r\n+PONG");
        } catch (IOException e) {
            return false;
        }
    }

    /** {@code redis://:password@127.0.0.1:port/0}. */
    public String url() {
        return "redis://:" + password + "@127.0.0.1:" + server.port() + "/0";
    }

    /** From now on it is started again, at the same URL, when it dies; {@code givenUp} when it keeps dying. */
    public void keep(Runnable givenUp) {
        server.keep(Patience.USUAL, givenUp);
    }

    public boolean alive() {
        return server.alive();
    }

    public long pid() {
        return server.pid();
    }

    /** Waits for it to end, at most 12 s. */
    public void stop() throws InterruptedException {
        server.stop();
    }
}
