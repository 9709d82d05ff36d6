package ai.materi.platform.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One section of the configuration: {@code conf/materi.yaml}, overlaid by {@code conf/<profile>.yaml}, overlaid by
 * {@code MATERI_…} variables ({@code MATERI_HTTP_PORT} is {@code http.port}). Keys are {@code snake_case}; a dotted path
 * reaches into subsections. Every key stands in {@code materi.yaml} with its default: one that does not is refused at
 * boot. Each reader throws {@link ConfigException} with file, line and key when the value is not of its kind or outside
 * its bounds.
 */
public final class Settings {
    public Settings section(String key) {
        throw new UnsupportedOperationException();
    }

    /** Subsections of a section that is a list of maps, e.g. AI providers. */
    public List<Settings> sections(String key) {
        throw new UnsupportedOperationException();
    }

    public String string(String key) {
        throw new UnsupportedOperationException();
    }

    /** One of the allowed words. */
    public String choice(String key, String... allowed) {
        throw new UnsupportedOperationException();
    }

    /** Empty when the value is absent or empty. */
    public Optional<String> optional(String key) {
        throw new UnsupportedOperationException();
    }

    /** From the environment or a file ({@code <key>_file}) only; empty when absent. Never logged. */
    public Optional<String> secret(String key) {
        throw new UnsupportedOperationException();
    }

    public boolean bool(String key) {
        throw new UnsupportedOperationException();
    }

    public int integer(String key, int min, int max) {
        throw new UnsupportedOperationException();
    }

    public double number(String key, double min, double max) {
        throw new UnsupportedOperationException();
    }

    /** {@code 500ms}, {@code 10s}, {@code 5m}, {@code 24h}, {@code 30d}. */
    public Duration duration(String key) {
        throw new UnsupportedOperationException();
    }

    /** Bytes: {@code 512}, {@code 64kB} (1,000), {@code 16MiB} (1,048,576). */
    public int bytes(String key) {
        throw new UnsupportedOperationException();
    }

    public List<String> strings(String key) {
        throw new UnsupportedOperationException();
    }

    /** The data folder of this instance. */
    public Path dataDir() {
        throw new UnsupportedOperationException();
    }

    /** {@code development}, {@code staging} or {@code production}. */
    public String profile() {
        throw new UnsupportedOperationException();
    }
}
