package ai.materi.platform.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The server that a killed instance left to its death signal: it is waited for, never adopted. */
final class Predecessor {
    private Predecessor() {}

    /**
     * Returns when no process of this program runs under the id in the file's first line.
     *
     * @param program the name of the executable, against ids that were given to something else
     */
    static void awaitGone(Path pidFile, String program, Duration limit) throws InterruptedException {
        Optional<ProcessHandle> running = find(pidFile, program);
        if (running.isEmpty()) {
            return;
        }
        try {
            running.get().onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            long pid = running.get().pid();
            throw new EmbeddedException("process " + pid + " (" + program + ") still has " + pidFile.getParent()
                    + " open and is no child of this instance; end it with 'kill -INT " + pid + "' and start again");
        } catch (ExecutionException e) {
            throw new EmbeddedException(
                    "cannot wait for process " + running.get().pid() + ": " + e.getCause(), e);
        }
    }

    private static Optional<ProcessHandle> find(Path pidFile, String program) {
        try {
            long pid = Long.parseLong(Files.readAllLines(pidFile).get(0).strip());
            String name = Files.readString(Path.of("/proc/" + pid + "/comm")).strip();
            return name.equals(program) ? ProcessHandle.of(pid) : Optional.empty();
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }
}
