package ai.materi.platform.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.platform.node.Await;
import ai.materi.platform.node.TestServices;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ServerTest {
    private static final Patience SHORT =
            new Patience(2, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMinutes(1));

    @TempDir
    Path data;

    @Test
    void startsAKilledRedisAgainAtItsUrl() throws Exception {
        EmbeddedRedis redis = EmbeddedRedis.start(data, Programs.cachedOr(data), "redis-password");
        redis.keep(() -> {});
        say(redis.url(), "SET kept 42\r\n", "+OK\r\n");

        kill(redis.pid());

        Await.until("Redis answers again", () -> answers(redis.url(), "GET kept\r\n", "$2\r\n42\r\n"));
        redis.stop();
        assertThat(redis.alive()).isFalse();
    }

    @Test
    void startsAKilledPostgresAgainAtItsUrl() throws Exception {
        EmbeddedPostgres postgres = EmbeddedPostgres.start(data, Programs.cachedOr(data), "owner-password");
        postgres.keep(() -> {});
        TestServices.execute(postgres.url(), "CREATE TABLE kept (n int)");

        kill(postgres.pid());

        Await.until("PostgreSQL answers again", () -> succeeds(postgres.url(), "INSERT INTO kept VALUES (42)"));
        postgres.stop();
        assertThat(postgres.alive()).isFalse();
    }

    @Test
    void givesUpAProgramThatKeepsDying() throws Exception {
        Path program = Files.copy(Path.of("/bin/sleep"), data.resolve("sleeper"));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        Sleeper launch = new Sleeper(program, data.resolve("log"));
        Server server = Server.start("Sleeper", launch);
        CountDownLatch givenUp = new CountDownLatch(1);
        server.keep(SHORT, givenUp::countDown);
        Files.delete(program);

        kill(server.pid());

        assertThat(givenUp.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(server.alive()).isFalse();
    }

    @Test
    void pausesTwiceAsLongAfterEachDeathUpToABound() {
        assertThat(List.of(1, 2, 6, 8, 1000))
                .extracting(death -> Patience.USUAL.pause(death).toMillis())
                .containsExactly(100L, 200L, 3200L, 5000L, 5000L);
    }

    /** A program that can be taken away. */
    private record Sleeper(Path program, Path log) implements Server.Launch {
        @Override
        public Child fork(int port) throws IOException, InterruptedException {
            return Child.fork("Sleeper", Privilege.DIRECT, "TERM", log, List.of(program.toString(), "60"));
        }

        @Override
        public boolean ready(Child child, int port) {
            return ProcessHandle.of(child.pid())
                    .flatMap(process -> process.info().command())
                    .filter(command -> Path.of(command).endsWith(program.getFileName()))
                    .isPresent();
        }
    }

    private static void kill(long pid) throws Exception {
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        process.destroyForcibly();
        process.onExit().get(10, TimeUnit.SECONDS);
    }

    private static boolean succeeds(String url, String sql) {
        try {
            TestServices.execute(url, sql);
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private static boolean answers(String url, String commands, String expected) {
        try {
            say(url, commands, expected);
            return true;
        } catch (IOException | AssertionError e) {
            return false;
        }
    }

    private static void say(String url, String commands, String expected) throws IOException {
        URI uri = URI.create(url);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), uri.getPort())) {
            socket.setSoTimeout(10_000);
            String login = "AUTH " + uri.getUserInfo().substring(1) + "\r\n";
            socket.getOutputStream().write((login + commands).getBytes(StandardCharsets.US_ASCII));
            String answer = "+OK\r\n" + expected;
            byte[] read = socket.getInputStream().readNBytes(answer.length());
            assertThat(new String(read, StandardCharsets.US_ASCII)).isEqualTo(answer);
        }
    }
}
