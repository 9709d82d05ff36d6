package ai.materi.platform.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class EmbeddedTest {
    @TempDir
    Path data;

    private final List<Process> hosts = new ArrayList<>();
    private final List<Long> servers = new ArrayList<>();

    /** A JVM with both servers. */
    private record Host(Process process, long postgres, long redis, String url) {}

    @AfterEach
    void endHosts() throws Exception {
        for (Process host : hosts) {
            host.destroyForcibly().waitFor();
        }
        for (long server : servers) {
            goneWithin(server, Duration.ofSeconds(30));
        }
    }

    @Test
    void leavesNoServerBehindWhenTheProcessIsKilled() throws Exception {
        Host host = start();

        host.process.destroyForcibly().waitFor();

        assertThat(goneWithin(host.postgres, Duration.ofSeconds(30))).isTrue();
        assertThat(goneWithin(host.redis, Duration.ofSeconds(30))).isTrue();
    }

    @Test
    void leavesNoServerBehindWhenTheProcessIsTerminated() throws Exception {
        Host host = start();

        host.process.destroy();
        host.process.waitFor();

        assertThat(goneWithin(host.postgres, Duration.ofSeconds(30))).isTrue();
        assertThat(goneWithin(host.redis, Duration.ofSeconds(30))).isTrue();
    }

    @Test
    void keepsWhatWasCommittedBeforeTheProcessWasKilled() throws Exception {
        Host first = start();
        execute(first.url, "CREATE TABLE kept (n int)");
        execute(first.url, "INSERT INTO kept VALUES (42)");
        first.process.destroyForcibly().waitFor();

        Host second = start();

        assertThat(number(second.url, "SELECT n FROM kept")).isEqualTo(42);
        assertThat(second.postgres).isNotEqualTo(first.postgres);
    }

    @Test
    void isDurableAndChecked() throws Exception {
        Host host = start();

        assertThat(text(host.url, "SHOW fsync")).isEqualTo("on");
        assertThat(text(host.url, "SHOW data_checksums")).isEqualTo("on");
        assertThat(text(host.url, "SHOW wal_segment_size")).isEqualTo("1MB");
        assertThat(text(host.url, "SHOW max_wal_size")).isEqualTo("256MB");
        assertThat(text(host.url, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
        assertThat(text(host.url, "SELECT version()")).startsWith("PostgreSQL 18.");
        assertThat(text(host.url, "SELECT datcollate || datlocale FROM pg_database WHERE datname = 'materi'"))
                .isEqualTo("CC.UTF-8");
    }

    @Test
    void refusesAWrongPassword() throws Exception {
        String url = start().url.replace("owner-password", "another");

        assertThatThrownBy(() -> text(url, "SELECT 1")).hasMessageContaining("password authentication failed");
    }

    @Test
    void refusesASecondInstanceOnTheSameFolderInOneLine() throws Exception {
        Host host = start();

        assertThatThrownBy(() -> DataLock.take(data))
                .isInstanceOf(EmbeddedException.class)
                .hasMessage("the data folder " + data + " is in use by process " + host.process.pid()
                        + "; stop it, or choose another folder with --data");
    }

    @Test
    void takesAFolderThatWasLetGo() throws Exception {
        DataLock.take(data).close();

        DataLock.take(data).close();
    }

    @Test
    void namesTheProcessThatStillHasTheFolder() throws Exception {
        Path sleeper = data.resolve("postgres");
        Files.copy(Path.of("/bin/sleep"), sleeper);
        Files.setPosixFilePermissions(sleeper, PosixFilePermissions.fromString("rwx------"));
        Process process = new ProcessBuilder(sleeper.toString(), "60").start();
        hosts.add(process);
        Path pidFile = Files.writeString(data.resolve("postmaster.pid"), process.pid() + "\n");

        assertThatThrownBy(() -> Predecessor.awaitGone(pidFile, "postgres", Duration.ofMillis(50)))
                .isInstanceOf(EmbeddedException.class)
                .hasMessageContaining("end it with 'kill -INT " + process.pid() + "'");
    }

    @Test
    void doesNotWaitForAnotherProgramThatHasTheIdNow() throws Exception {
        Path pidFile = Files.writeString(
                data.resolve("postmaster.pid"), ProcessHandle.current().pid() + "\n");

        Predecessor.awaitGone(pidFile, "postgres", Duration.ofSeconds(1));
    }

    private Host start() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(
                        java,
                        "-cp",
                        System.getProperty("java.class.path"),
                        EmbeddedHost.class.getName(),
                        data.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        hosts.add(process);
        BufferedReader out = process.inputReader();
        String line = out.readLine();
        assertThat(line).isNotNull();
        String[] parts = line.split(" ", 3);
        Host host = new Host(process, Long.parseLong(parts[0]), Long.parseLong(parts[1]), parts[2]);
        servers.addAll(List.of(host.postgres, host.redis));
        return host;
    }

    private static boolean goneWithin(long pid, Duration limit) throws Exception {
        var process = ProcessHandle.of(pid);
        if (process.isPresent()) {
            process.get().onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        }
        return ProcessHandle.of(pid).isEmpty();
    }

    private static Connection connect(String url) throws SQLException {
        String[] parts = url.substring("postgres://".length()).split("[:@]", 3);
        return DriverManager.getConnection("jdbc:postgresql://" + parts[2], parts[0], parts[1]);
    }

    private static void execute(String url, String sql) throws SQLException {
        try (Connection connection = connect(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String text(String url, String sql) throws SQLException {
        try (Connection connection = connect(url);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    private static int number(String url, String sql) throws SQLException {
        return Integer.parseInt(text(url, sql));
    }
}
