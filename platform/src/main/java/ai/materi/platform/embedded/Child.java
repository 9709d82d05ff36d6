package ai.materi.platform.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A server program that lives no longer than this JVM, whichever way the JVM ends: the kernel sends the program its stop
 * signal when the thread that forked it ends (prctl(2), PR_SET_PDEATHSIG). That thread therefore waits for more work until
 * the JVM is gone. A shell compares its parent's id once the signal is set, in case the JVM died before that, and then
 * becomes the program. A session of its own keeps Ctrl-C of the terminal from the program: it is stopped last, not first.
 */
final class Child {
    private static final ExecutorService FORKING_THREAD = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "materi-forks");
        thread.setDaemon(true);
        return thread;
    });

    private static final String BECOME = "[ \"$PPID\" = \"$0\" ] && exec \"$@\"";
    private static final Duration STOPPING = Duration.ofSeconds(6);
    private static final int POLL_MILLIS = 5;
    private static final int TAIL = 5;
    private static final long LOG_BOUND = 8 << 20;

    private final String name;
    private final Process process;
    private final String stopSignal;
    private final Path log;

    private Child(String name, Process process, String stopSignal, Path log) {
        this.name = name;
        this.process = process;
        this.stopSignal = stopSignal;
        this.log = log;
    }

    /**
     * Starts a program with an empty environment.
     *
     * @param stopSignal as {@code kill} calls it, e.g. {@code INT}
     * @param log is appended to
     */
    static Child fork(String name, Privilege privilege, String stopSignal, Path log, List<String> program)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.addAll(privilege.prefix());
        command.addAll(List.of("setpriv", "--pdeathsig", stopSignal, "--", "sh", "-c", BECOME));
        command.add(Long.toString(ProcessHandle.current().pid()));
        command.addAll(program);
        turnOver(log);
        ProcessBuilder builder = builder(command, log);
        try {
            return new Child(name, FORKING_THREAD.submit(builder::start).get(), stopSignal, log);
        } catch (ExecutionException e) {
            throw new EmbeddedException(
                    "the embedded " + name + " needs setsid and setpriv of util-linux (Linux): " + e.getCause()
                            + "; or set DATABASE_URL and REDIS_URL",
                    e);
        }
    }

    static ProcessBuilder builder(List<String> command, Path log) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        String path = System.getenv().getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        builder.environment().clear();
        builder.environment().put("PATH", path);
        builder.environment().put("LC_ALL", "C");
        return builder;
    }

    private static void turnOver(Path log) throws IOException {
        Files.createDirectories(log.toAbsolutePath().getParent());
        if (Files.exists(log) && Files.size(log) > LOG_BOUND) {
            Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Waits until {@code ready}; false when the program ended or the time is over, in which case it is stopped. */
    boolean becomes(BooleanSupplier ready, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < deadline) {
            if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                return false;
            }
            if (ready.getAsBoolean()) {
                return true;
            }
        }
        stop();
        return false;
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Waits until it has ended, whyever. */
    void awaitEnd() throws InterruptedException {
        process.waitFor();
    }

    /** Asks it to stop, and ends it when it does not within 6 s. */
    void stop() throws InterruptedException {
        if (!process.isAlive()) {
            return;
        }
        signal();
        if (!process.waitFor(STOPPING.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            process.waitFor(STOPPING.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void signal() throws InterruptedException {
        try {
            new ProcessBuilder("kill", "-" + stopSignal, Long.toString(process.pid()))
                    .start()
                    .waitFor(1, TimeUnit.SECONDS);
        } catch (IOException e) {
            process.destroy();
        }
    }

    /** What it last said, on one line. */
    EmbeddedException failure() {
        return new EmbeddedException("the embedded " + name + " did not start; " + lastWords());
    }

    /** {@code <log> says: <its last lines>}. */
    String lastWords() {
        return log + " says: " + tail();
    }

    private String tail() {
        try {
            List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
            return String.join(" | ", lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
        } catch (IOException e) {
            return "nothing";
        }
    }
}
