package ai.materi.platform.config;

import ai.materi.platform.config.Entry.Leaf;
import ai.materi.platform.config.Entry.Listing;
import ai.materi.platform.config.Entry.Section;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One section of the configuration: {@code conf/materi.yaml}, overlaid by {@code conf/<profile>.yaml}, overlaid by
 * {@code MATERI_…} variables ({@code MATERI_HTTP_PORT} is {@code http.port}). Keys are {@code snake_case}; a dotted path
 * reaches into subsections. Every key stands in {@code materi.yaml} with its default: one that does not is refused at
 * boot. Each reader throws {@link ConfigException} with file, line and key when the value is not of its kind or outside
 * its bounds.
 */
public final class Settings {
    private static final Duration LONGEST = Duration.ofDays(3650);

    private final Section section;
    private final String prefix;
    private final String profile;
    private final Path dataDir;

    Settings(Section section, String prefix, String profile, Path dataDir) {
        this.section = section;
        this.prefix = prefix;
        this.profile = profile;
        this.dataDir = dataDir;
    }

    public Settings section(String key) {
        if (entry(key) instanceof Section inner) {
            return within(inner, prefix + key + ".");
        }
        throw refused(key, "is not a section");
    }

    /**
     * Subsections of a section that is a list of maps, e.g. AI providers. The keys of an item and their defaults are those
     * of the section {@code <key>_item}, which stands beside the list in {@code materi.yaml}.
     */
    public List<Settings> sections(String key) {
        return listing(key).items().stream().map(item -> subsection(item, key)).toList();
    }

    public String string(String key) {
        return leaf(key).value().orElseThrow(() -> refused(key, "must not be empty"));
    }

    /** One of the allowed words. */
    public String choice(String key, String... allowed) {
        String text = leaf(key).value().orElse("");
        if (!Arrays.asList(allowed).contains(text)) {
            throw refused(key, "must be one of " + String.join(", ", allowed) + "; it is '" + text + "'");
        }
        return text;
    }

    /** Empty when the value is absent or empty. */
    public Optional<String> optional(String key) {
        return leaf(key).value();
    }

    /**
     * From the environment or a file ({@code <key>_file}) only; empty when absent. Never logged. A secret {@code x} is
     * declared in {@code materi.yaml} by its key {@code x_file}, empty by default.
     */
    public Optional<String> secret(String key) {
        Section parent = parent(key);
        String name = lastOf(key);
        if (!parent.declaresSecret(name)) {
            throw undeclared(key + Secret.FILE_SUFFIX);
        }
        return Secret.read(parent, name, prefix + key);
    }

    /**
     * A secret that an instance cannot do without: as given, else, in the development profile, one made for this data
     * folder and kept there; any other profile is told what to set.
     */
    public String requiredSecret(String key) {
        return secret(key).orElseGet(() -> {
            if (!profile.equals(Config.DEVELOPMENT)) {
                throw refused(
                        key + Secret.FILE_SUFFIX,
                        "is empty, and " + profile + " needs this secret: set " + Variables.nameOf(prefix + key)
                                + " or name its file here");
            }
            return SecretFolder.of(this).named(prefix + key);
        });
    }

    public boolean bool(String key) {
        String text = of(key, Kind.BOOLEAN);
        return text.equals("true");
    }

    public int integer(String key, int min, int max) {
        BigDecimal value = new BigDecimal(of(key, Kind.NUMBER));
        if (value.stripTrailingZeros().scale() > 0) {
            throw refused(key, "must be a whole number; it is " + value);
        }
        between(key, value, BigDecimal.valueOf(min), BigDecimal.valueOf(max));
        return value.intValueExact();
    }

    public double number(String key, double min, double max) {
        BigDecimal value = new BigDecimal(of(key, Kind.NUMBER));
        between(key, value, BigDecimal.valueOf(min), BigDecimal.valueOf(max));
        return value.doubleValue();
    }

    /** {@code 500ms}, {@code 10s}, {@code 5m}, {@code 24h}, {@code 30d}. */
    public Duration duration(String key) {
        return duration(key, Duration.ZERO, LONGEST);
    }

    public Duration duration(String key, Duration min, Duration max) {
        Duration value = Units.duration(of(key, Kind.DURATION));
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw refused(key, "must be between " + Units.text(min) + " and " + Units.text(max));
        }
        return value;
    }

    /** Bytes: {@code 512}, {@code 64kB} (1,000), {@code 16MiB} (1,048,576). */
    public int bytes(String key) {
        return bytes(key, 0, Integer.MAX_VALUE);
    }

    public int bytes(String key, int min, int max) {
        long value = Units.bytes(of(key, Kind.SIZE));
        between(key, BigDecimal.valueOf(value), BigDecimal.valueOf(min), BigDecimal.valueOf(max));
        return (int) value;
    }

    public List<String> strings(String key) {
        return listing(key).items().stream().map(item -> text(item, key)).toList();
    }

    /** The data folder of this instance. */
    public Path dataDir() {
        return dataDir;
    }

    /** {@code development}, {@code staging} or {@code production}. */
    public String profile() {
        return profile;
    }

    /** A refusal of a value for a reason that only its reader knows, e.g. a bound that depends on another key. */
    public ConfigException refused(String key, String reason) {
        return new ConfigException(origin(key) + ": " + prefix + key + " " + reason);
    }

    private Settings within(Section inner, String path) {
        return new Settings(inner, path, profile, dataDir);
    }

    private String of(String key, Kind kind) {
        String text = leaf(key).value().orElse("");
        if (!kind.accepts(text)) {
            throw refused(key, "must be " + kind.noun() + "; it is '" + text + "'");
        }
        return text;
    }

    private void between(String key, BigDecimal value, BigDecimal min, BigDecimal max) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw refused(
                    key,
                    "must be between " + min.toPlainString() + " and " + max.toPlainString() + "; it is "
                            + value.toPlainString());
        }
    }

    private Leaf leaf(String key) {
        if (parent(key).declaresSecret(lastOf(key))) {
            throw new ConfigException(prefix + key + " is a secret and is read as one only");
        }
        if (entry(key) instanceof Leaf leaf) {
            return leaf;
        }
        throw refused(key, "is not a single value");
    }

    private Listing listing(String key) {
        if (entry(key) instanceof Listing listing) {
            return listing;
        }
        throw refused(key, "is not a list");
    }

    private Entry entry(String key) {
        @Nullable Entry entry = parent(key).get(lastOf(key));
        if (entry == null) {
            throw undeclared(key);
        }
        return entry;
    }

    private Section parent(String key) {
        Section at = section;
        List<String> steps = Stream.of(key.split("\\.", -1)).toList();
        for (String step : steps.subList(0, steps.size() - 1)) {
            if (!(at.get(step) instanceof Section inner)) {
                throw undeclared(key);
            }
            at = inner;
        }
        return at;
    }

    private static String lastOf(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }

    private Origin origin(String key) {
        @Nullable Entry entry = parent(key).get(lastOf(key));
        return entry == null ? section.origin() : entry.origin();
    }

    private ConfigException undeclared(String key) {
        return new ConfigException(prefix + key + " is read, but does not stand in materi.yaml");
    }

    private Settings subsection(Entry item, String key) {
        if (item instanceof Section inner) {
            return within(inner, prefix + key + ".");
        }
        throw new ConfigException(item.origin() + ": " + prefix + key + " holds sections only");
    }

    private String text(Entry item, String key) {
        if (item instanceof Leaf leaf) {
            return leaf.value().orElse("");
        }
        throw new ConfigException(item.origin() + ": " + prefix + key + " holds values only");
    }
}
