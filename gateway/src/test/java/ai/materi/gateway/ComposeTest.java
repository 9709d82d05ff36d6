package ai.materi.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.auth.AuthVerticle;
import ai.materi.platform.config.Config;
import ai.materi.platform.config.Settings;
import ai.materi.platform.config.TestSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Holds {@code docker/compose.yaml} to the rest: what it sets is known to the configuration and enough for production, and
 * its nodes are those that the balancer, the cluster and the certificates name.
 */
class ComposeTest {
    private static final Path DOCKER = TestSettings.confFolder().resolveSibling("docker");
    private static final String KEYS = "/keys/";

    private final Map<String, Map<String, Object>> services = new TreeMap<>();
    private final Map<String, Map<String, String>> nodes = new TreeMap<>();

    @BeforeEach
    void read() throws IOException {
        Map<String, Map<String, Map<String, Object>>> compose = new Yaml(new SafeConstructor(new LoaderOptions()))
                .load(Files.readString(DOCKER.resolve("compose.yaml")));
        services.putAll(compose.getOrDefault("services", Map.of()));
        services.keySet().stream()
                .filter(name -> name.startsWith("materi-"))
                .forEach(name -> nodes.put(name, environment(name)));
    }

    @Test
    void setsWhatAProductionAsksFor(@TempDir Path keys) {
        Map.of(
                        "postgres-url",
                        "postgres://materi:0a1b2c3d4e5f@postgres:5432/materi",
                        "redis-url",
                        "redis://:0a1b2c3d4e5f@redis:6379/0",
                        "invitation",
                        "0a1b2c3d4e5f60718293",
                        "key-encryption-key",
                        Base64.getEncoder().encodeToString(new byte[32]))
                .forEach((name, secret) -> write(keys.resolve(name), secret));

        assertThat(nodes).hasSize(3);
        for (Map<String, String> environment : nodes.values()) {
            Settings settings = load(environment, keys);
            AuthVerticle.refuseBadKey(settings);
            assertThat(settings.section("cluster").bool("enabled")).isTrue();
        }
    }

    @Test
    void namesTheSameNodesInTheClusterTheCertificatesAndTheBalancer() throws IOException {
        String balancer = Files.readString(DOCKER.resolve("haproxy.cfg"));
        List<?> madeFor = (List<?>) services.get("keys").get("entrypoint");

        nodes.forEach((name, environment) -> {
            String host = environment.get("MATERI_CLUSTER_HOST");
            assertThat(environment.get("MATERI_CLUSTER_MEMBERS").split(","))
                    .hasSize(nodes.size())
                    .contains(host + ":" + environment.get("MATERI_CLUSTER_PORT"));
            assertThat(environment.get("MATERI_CLUSTER_TLS_CERT")).isEqualTo(KEYS + host + ".crt");
            assertThat(environment.get("MATERI_CLUSTER_TLS_KEY")).isEqualTo(KEYS + host + ".key");
            assertThat(madeFor.contains(host)).isTrue();
            assertThat(balancer).contains("server " + name + " " + name + ":8080");
        });
    }

    private Map<String, String> environment(String service) {
        Map<String, String> environment = new HashMap<>();
        if (services.get(service).get("environment") instanceof Map<?, ?> given) {
            given.forEach((name, value) -> environment.put(String.valueOf(name), String.valueOf(value)));
        }
        return environment;
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Settings load(Map<String, String> environment, Path keys) {
        Map<String, String> here = new HashMap<>(environment);
        here.replaceAll((name, value) -> value.startsWith(KEYS)
                ? keys.resolve(value.substring(KEYS.length())).toString()
                : value);
        return Config.load(new Config.Sources(
                TestSettings.confFolder(),
                environment.getOrDefault("MATERI_PROFILE", "development"),
                keys,
                null,
                here,
                Map.of()));
    }
}
