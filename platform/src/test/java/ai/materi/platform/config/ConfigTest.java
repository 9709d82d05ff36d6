package ai.materi.platform.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigTest {
    private static final String SCHEMA = """
            roles: [gateway, collab]
            http:
              host: 127.0.0.1
              port: 8080
              idle_timeout: 60s
              max_header: 8kB
              compress: false
            postgres:
              url_file:
            auth:
              issuer: ""
              key_file:
            ai:
              share: 0.5
              providers: []
              providers_item:
                name:
                base_url: https://example.org/v1
                timeout: 30s
                api_key_file:
            """;

    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, String> overrides = new HashMap<>();
    private String profile = "development";
    private @Nullable Path file;

    @BeforeEach
    void writeProfiles() throws IOException {
        write("materi.yaml", SCHEMA);
        for (String name : new String[] {"development", "staging", "production"}) {
            write(name + ".yaml", "");
        }
    }

    @Test
    void readsDefaultsOfEveryKind() {
        Settings http = load().section("http");

        assertThat(http.string("host")).isEqualTo("127.0.0.1");
        assertThat(http.integer("port", 0, 65535)).isEqualTo(8080);
        assertThat(http.duration("idle_timeout")).isEqualTo(Duration.ofMinutes(1));
        assertThat(http.bytes("max_header")).isEqualTo(8000);
        assertThat(http.bool("compress")).isFalse();
        assertThat(load().strings("roles")).containsExactly("gateway", "collab");
        assertThat(load().number("ai.share", 0, 1)).isEqualTo(0.5);
        assertThat(load().optional("auth.issuer")).isEmpty();
    }

    @Test
    void laysProfileThenFileThenEnvironmentThenOptionsOverTheDefaults() throws IOException {
        write("development.yaml", "http:\n  port: 1\n  host: a\n  idle_timeout: 1s\n  max_header: 1MiB\n");
        file = write("mine.yaml", "http:\n  port: 2\n  host: b\n  idle_timeout: 2s\n");
        environment.put("MATERI_HTTP_PORT", "3");
        environment.put("MATERI_HTTP_HOST", "c");
        overrides.put("http.port", "4");

        Settings http = load().section("http");

        assertThat(http.integer("port", 0, 65535)).isEqualTo(4);
        assertThat(http.string("host")).isEqualTo("c");
        assertThat(http.duration("idle_timeout")).isEqualTo(Duration.ofSeconds(2));
        assertThat(http.bytes("max_header")).isEqualTo(1 << 20);
    }

    @Test
    void namesFileLineAndNearestKeyOfAnUnknownKey() throws IOException {
        write("development.yaml", "# a comment\nhttp:\n  prot: 80\n");

        assertThatThrownBy(this::load)
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        folder.resolve("development.yaml") + ":3: http.prot is not a setting; did you mean http.port?");
    }

    @Test
    void namesTheLineOfAMisspeltSection() throws IOException {
        write("development.yaml", "\nhtp:\n\n  port: 80\n");

        assertThatThrownBy(this::load)
                .hasMessageContaining("development.yaml:2: htp is not a setting; did you mean http?");
    }

    @Test
    void namesTheNearestVariableOfAnUnknownOne() {
        environment.put("MATERI_HTTP_PROT", "80");

        assertThatThrownBy(this::load).hasMessage("MATERI_HTTP_PROT: is not a setting; did you mean MATERI_HTTP_PORT?");
    }

    @Test
    void suggestsNoVariableThatIsFarFromTheUnknownOne() {
        environment.put("MATERI_FOO", "1");

        assertThatThrownBy(this::load).hasMessage("MATERI_FOO: is not a setting");
    }

    @Test
    void leavesReservedVariablesAndThoseOfOthersAlone() {
        environment.put("MATERI_HOME", "/somewhere");
        environment.put("MATERI_DATA", "/elsewhere");
        environment.put("PATH", "/bin");

        assertThat(load().integer("http.port", 0, 65535)).isEqualTo(8080);
    }

    @Test
    void reportsEverythingThatIsWrongAtOnce() throws IOException {
        write(
                "development.yaml",
                "http:\n  port: many\n  idle_timeout: 10\n  compress: 1\nroles: gateway\nnews: true\n");
        environment.put("MATERI_HTTP_MAX_HEADER", "8 kilobytes");

        assertThatThrownBy(this::load)
                .message()
                .satisfies(message -> assertThat(message.lines())
                        .anyMatch(line -> line.endsWith("development.yaml:2: http.port must be a number; it is 'many'"))
                        .anyMatch(line -> line.contains("development.yaml:3: http.idle_timeout must be a duration"))
                        .anyMatch(line -> line.contains("development.yaml:4: http.compress must be true or false"))
                        .anyMatch(line -> line.contains("development.yaml:5: roles is a list; here it is a value"))
                        .anyMatch(line -> line.contains("development.yaml:6: news is not a setting"))
                        .anyMatch(line -> line.startsWith("MATERI_HTTP_MAX_HEADER: http.max_header must be a size"))
                        .hasSize(6));
    }

    @Test
    void namesTheLineOfAValueOutsideItsBounds() throws IOException {
        write("development.yaml", "http:\n  host: a\n  port: 99999\n");

        assertThatThrownBy(() -> load().section("http").integer("port", 0, 65535))
                .hasMessage(
                        folder.resolve("development.yaml") + ":3: http.port must be between 0 and 65535; it is 99999");
    }

    @Test
    void namesTheVariableOfAValueOutsideItsBounds() {
        environment.put("MATERI_HTTP_PORT", "1.5");

        assertThatThrownBy(() -> load().integer("http.port", 0, 65535))
                .hasMessage("MATERI_HTTP_PORT: http.port must be a whole number; it is 1.5");
    }

    @Test
    void refusesAWordThatIsNotAllowed() {
        environment.put("MATERI_HTTP_HOST", "moon");

        assertThatThrownBy(() -> load().choice("http.host", "earth", "mars"))
                .hasMessage("MATERI_HTTP_HOST: http.host must be one of earth, mars; it is 'moon'");
    }

    @Test
    void refusesToReadAKeyThatDoesNotStandInTheSchema() {
        assertThatThrownBy(() -> load().string("http.colour"))
                .hasMessage("http.colour is read, but does not stand in materi.yaml");
    }

    @Test
    void namesTheLineWhereYamlEnds() throws IOException {
        write("development.yaml", "http:\n  port: [1\n");

        assertThatThrownBy(this::load).hasMessageContaining("development.yaml:3: is not valid YAML");
    }

    @Test
    void refusesAKeyThatStandsTwice() throws IOException {
        write("development.yaml", "http:\n  port: 1\n  port: 2\n");

        assertThatThrownBy(this::load).hasMessageContaining("development.yaml:3: port stands here a second time");
    }

    @Test
    void refusesAFileThatIsNotThere() {
        file = folder.resolve("absent.yaml");

        assertThatThrownBy(this::load).hasMessage(folder.resolve("absent.yaml") + ": there is no such file");
    }

    @Test
    void refusesAProfileThatIsNotThere() {
        profile = "prod";

        assertThatThrownBy(this::load)
                .hasMessage("profile prod: there is no such profile; there are development, staging, production");
    }

    @Test
    void takesAListFromAVariable() {
        environment.put("MATERI_ROLES", "ai, auth");

        assertThat(load().strings("roles")).containsExactly("ai", "auth");
    }

    @Test
    void fillsTheItemsOfAListOfSectionsWithTheirDefaults() throws IOException {
        write(
                "development.yaml",
                "ai:\n  providers:\n    - name: one\n      timeout: 5s\n    - name: two\n      base_url: http://two\n");
        environment.put("MATERI_AI_PROVIDERS_TWO_API_KEY", "a-key-of-two");

        var providers = load().sections("ai.providers");

        assertThat(providers).hasSize(2);
        assertThat(providers.get(0).string("base_url")).isEqualTo("https://example.org/v1");
        assertThat(providers.get(0).duration("timeout")).isEqualTo(Duration.ofSeconds(5));
        assertThat(providers.get(0).secret("api_key")).isEmpty();
        assertThat(providers.get(1).duration("timeout")).isEqualTo(Duration.ofSeconds(30));
        assertThat(providers.get(1).secret("api_key")).contains("a-key-of-two");
    }

    @Test
    void takesAListOfSectionsFromAVariable() {
        environment.put("MATERI_AI_PROVIDERS", "[{name: mine, timeout: 7s}]");

        assertThat(load().sections("ai.providers").get(0).duration("timeout")).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void namesTheLineOfAnUnknownKeyInsideAnItem() throws IOException {
        write("development.yaml", "ai:\n  providers:\n    - name: one\n      base_ulr: http://one\n");

        assertThatThrownBy(this::load)
                .hasMessageContaining(
                        "development.yaml:4: ai.providers.base_ulr is not a setting; did you mean ai.providers.base_url?");
    }

    @Test
    void refusesToLayAnythingOverTheDescriptionOfItems() throws IOException {
        write("development.yaml", "ai:\n  providers_item:\n    timeout: 1s\n");

        assertThatThrownBy(this::load)
                .hasMessageContaining("development.yaml:2: ai.providers_item describes the items of a list");
    }

    @Test
    void takesASecretFromTheEnvironmentOrAFile() throws IOException {
        Path secret = write("key", "from the file\n");
        write("development.yaml", "auth:\n  key_file: " + secret + "\n");
        assertThat(load().secret("auth.key")).contains("from the file");

        environment.put("MATERI_AUTH_KEY", "from the environment");
        assertThat(load().section("auth").secret("key")).contains("from the environment");
    }

    @Test
    void refusesASecretInAFileOfSettings() throws IOException {
        write("development.yaml", "auth:\n  key: abc\n");

        assertThatThrownBy(this::load)
                .hasMessageContaining(
                        "development.yaml:2: auth.key is a secret; set MATERI_AUTH_KEY or name its file in"
                                + " auth.key_file")
                .hasMessageNotContaining("abc");
    }

    @Test
    void takesTheUrlThatEverybodyCallsDatabaseUrl() {
        environment.put("DATABASE_URL", "postgres://owner:pw@db/materi");

        assertThat(load().secret("postgres.url")).contains("postgres://owner:pw@db/materi");
    }

    @Test
    void makesARequiredSecretOnceInDevelopment() throws IOException {
        String first = load().requiredSecret("auth.key");

        assertThat(first).startsWith("dev-").hasSizeGreaterThan(40);
        assertThat(load().requiredSecret("auth.key")).isEqualTo(first);
        assertThat(Files.getPosixFilePermissions(folder.resolve("data/secrets/auth.key")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void asksAProductionForItsRequiredSecret() {
        profile = "production";

        assertThatThrownBy(() -> load().requiredSecret("auth.key"))
                .hasMessageContaining("materi.yaml:12: auth.key_file is empty, and production needs this secret: set"
                        + " MATERI_AUTH_KEY or name its file here");
    }

    @Test
    void refusesDevelopmentSecretsInProduction() {
        environment.put("MATERI_AUTH_KEY", load().requiredSecret("auth.key"));
        environment.put("DATABASE_URL", "postgres://materi:postgres@db/materi");
        profile = "production";

        assertThatThrownBy(this::load)
                .hasMessage(
                        "DATABASE_URL: postgres.url is a secret of a development instance; production needs one of its"
                                + " own\nMATERI_AUTH_KEY: auth.key is a secret of a development instance; production needs one of"
                                + " its own");
    }

    @Test
    void everyProfileOfTheHouseLoads() {
        for (String name : new String[] {"development", "staging", "production"}) {
            Path conf = Path.of("").toAbsolutePath().resolveSibling("conf");
            Settings settings =
                    Config.load(new Config.Sources(conf, name, folder.resolve("data"), null, Map.of(), Map.of()));
            assertThat(settings.profile()).isEqualTo(name);
        }
    }

    private Settings load() {
        return Config.load(new Config.Sources(folder, profile, folder.resolve("data"), file, environment, overrides));
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
