package ai.materi.platform.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Settings of the repository's own {@code conf/}, for tests of any module. */
public final class TestSettings {
    private TestSettings() {}

    /** The development profile with these values by dotted path; nothing comes from the environment. */
    public static Settings with(Path data, Map<String, String> overrides) {
        return Config.load(new Config.Sources(confFolder(), "development", data, null, Map.of(), overrides));
    }

    /** {@code conf/} of the repository that the test runs in. */
    public static Path confFolder() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.exists(at.resolve("conf/materi.yaml"))) {
            at = at.getParent();
            if (at == null) {
                throw new IllegalStateException(
                        "there is no conf/materi.yaml above " + Path.of("").toAbsolutePath());
            }
        }
        return at.resolve("conf");
    }
}
