package ai.materi.gateway.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A wall clock that is wrong for one process by a constant: a small library that is loaded before the C library and adds
 * seconds to what that says. It is compiled when it is wanted. What measures durations stays right.
 */
final class SkewedClock {
    private static final String SOURCE = "skewed-clock.c";
    private static final int COMPILE_SECONDS = 60;

    private SkewedClock() {}

    static String lacks() {
        try {
            run(List.of("cc", "--version"));
            return "";
        } catch (IOException missing) {
            return "there is no C compiler (Debian: apt-get install gcc libc6-dev)";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "it was interrupted";
        }
    }

    /** Compiles the library into a folder. */
    static Path compile(Path folder) throws IOException, InterruptedException {
        Path source = folder.resolve(SOURCE);
        try (InputStream in = Objects.requireNonNull(SkewedClock.class.getResourceAsStream("/chaos/" + SOURCE))) {
            Files.write(source, in.readAllBytes());
        }
        Path library = folder.resolve("skewed-clock.so");
        run(List.of(
                "cc",
                "-O2",
                "-shared",
                "-fPIC",
                "-Wall",
                "-Werror",
                "-o",
                library.toString(),
                source.toString(),
                "-ldl"));
        return library;
    }

    /** Variables of a process whose clock is so many seconds ahead, or behind if negative. */
    static Map<String, String> by(int seconds, Path library) {
        return Map.of("LD_PRELOAD", library.toString(), "SKEW_SECONDS", Integer.toString(seconds));
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(COMPILE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(command + " did not end");
        }
        if (process.exitValue() != 0) {
            throw new IOException(command + " ended with " + process.exitValue() + ": " + said);
        }
    }
}
