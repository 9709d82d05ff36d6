package ai.materi.platform.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SignalTest {
    @TempDir
    Path data;

    private final List<Host> hosts = new ArrayList<>();

    /** A process with an open node and the servers that it started. */
    private record Host(Process process, BufferedReader out, int port, List<ProcessHandle> servers) {
        boolean ready() {
            try {
                URL readyz = URI.create("http://127.0.0.1:" + port + "/readyz").toURL();
                return ((HttpURLConnection) readyz.openConnection()).getResponseCode() == 200;
            } catch (IOException e) {
                return false;
            }
        }
    }

    @AfterEach
    void endAll() throws Exception {
        for (Host host : hosts) {
            host.process.destroyForcibly().waitFor();
            for (ProcessHandle server : host.servers) {
                server.onExit().get(30, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void endsInOrderOnSigterm() throws Exception {
        Host host = start(0);

        host.process.toHandle().destroy();

        assertThat(host.process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(host.process.exitValue()).isZero();
        assertThat(host.out.readLine()).isEqualTo("closed");
        Await.until("its servers are gone", () -> host.servers.stream().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void endsAtOnceOnTheSecondSignal() throws Exception {
        Host host = start(30_000);
        host.process.toHandle().destroy();
        Await.until("the drain has begun", () -> !host.ready());
        long begin = System.nanoTime();

        host.process.toHandle().destroy();

        assertThat(host.process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(host.process.exitValue()).isEqualTo(143);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(9));
    }

    @Test
    void endsThoughAStepIsStuck() throws Exception {
        Host host = start(60_000);

        host.process.toHandle().destroy();

        assertThat(host.process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    private Host start(long lastStepMillis) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(
                        java,
                        "-cp",
                        System.getProperty("java.class.path"),
                        BootHost.class.getName(),
                        data.toString(),
                        Long.toString(lastStepMillis))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out = process.inputReader();
        int port = Integer.parseInt(out.readLine());
        Host host = new Host(process, out, port, process.children().toList());
        hosts.add(host);
        assertThat(host.servers).hasSize(2);
        return host;
    }
}
