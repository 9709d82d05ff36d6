package ai.materi.platform.config;

import ai.materi.platform.config.Entry.Section;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lays the sources of the configuration over each other: {@code materi.yaml}, which is every key there is with its
 * default, {@code <profile>.yaml}, the file of {@code --config}, the environment, the command line. Whatever is wrong in
 * any of them is reported at once, a line each.
 */
public final class Config {
    static final String DEVELOPMENT = "development";
    static final String PRODUCTION = "production";

    private static final List<String> PROFILES = List.of(DEVELOPMENT, "staging", PRODUCTION);

    /**
     * Where settings come from.
     *
     * @param folder {@code conf/}, with {@code materi.yaml} and a file for each profile
     * @param data the data folder of this instance
     * @param file laid over the profile; null for none
     * @param environment all variables; those that start with {@code MATERI_}, {@code DATABASE_URL} and {@code REDIS_URL}
     *     are read
     * @param overrides dotted path to value, from the command line; they outrank everything
     */
    public record Sources(
            Path folder,
            String profile,
            Path data,
            @Nullable Path file,
            Map<String, String> environment,
            Map<String, String> overrides) {}

    private Config() {}

    /** Throws {@link ConfigException} naming every fault with its file and line. */
    public static Settings load(Sources sources) {
        if (!PROFILES.contains(sources.profile())) {
            throw new ConfigException("profile " + sources.profile() + ": there is no such profile; there are "
                    + String.join(", ", PROFILES));
        }
        Findings findings = new Findings();
        Section root = YamlFile.read(sources.folder().resolve("materi.yaml"), findings);
        findings.throwIfAny();
        Overlay overlay = new Overlay(root, findings);
        overlay.settle();
        overlay.lay(YamlFile.read(sources.folder().resolve(sources.profile() + ".yaml"), findings));
        if (sources.file() != null) {
            overlay.lay(YamlFile.read(sources.file(), findings));
        }
        Variables variables = new Variables(root, overlay, findings);
        variables.lay(sources.environment());
        variables.layOverrides(sources.overrides());
        if (sources.profile().equals(PRODUCTION)) {
            Secret.refuseDevelopmentSecrets(root, "", findings);
        }
        findings.throwIfAny();
        return new Settings(
                root, "", sources.profile(), sources.data().toAbsolutePath().normalize());
    }
}
