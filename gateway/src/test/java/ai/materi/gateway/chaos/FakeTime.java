package ai.materi.gateway.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A wall clock that is wrong for one process, by libfaketime; what measures durations stays right. */
final class FakeTime {
    private static final Path LIBRARIES = Path.of("/usr/lib");
    /** Netty's native transport waits by timerfd, which the library leads astray. */
    private static final String NO_TIMERFD = "-Dio.netty.transport.noNative=true";

    /** Each look at the clock costs more: a start takes longer. */
    private static final String PATIENTLY = "60s";

    private FakeTime() {}

    static String lacks() {
        return library().isPresent() ? "" : "libfaketime is not installed (Debian: apt-get install faketime)";
    }

    /** Variables of a process whose clock is so much ahead. */
    static Map<String, String> ahead(int seconds) {
        return Map.of(
                "LD_PRELOAD",
                library().orElseThrow().toString(),
                "FAKETIME",
                (seconds < 0 ? "" : "+") + seconds,
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1",
                "MATERI_POSTGRES_ACQUIRE_TIMEOUT",
                PATIENTLY,
                "MATERI_POSTGRES_CONNECT_TIMEOUT",
                PATIENTLY,
                "JAVA_TOOL_OPTIONS",
                NO_TIMERFD);
    }

    private static Optional<Path> library() {
        try (DirectoryStream<Path> architectures = Files.newDirectoryStream(LIBRARIES, "*-linux-gnu")) {
            for (Path architecture : architectures) {
                // The variant for threads takes a lock and ten times as long; a constant offset needs none.
                Path library = architecture.resolve("faketime/libfaketime.so.1");
                if (Files.exists(library)) {
                    return Optional.of(library);
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
