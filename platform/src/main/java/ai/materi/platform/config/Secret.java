package ai.materi.platform.config;

import ai.materi.platform.config.Entry.Leaf;
import ai.materi.platform.config.Entry.Section;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Secrets of a section: from a variable, or from the file that {@code <key>_file} names; a variable wins. */
final class Secret {
    static final String FILE_SUFFIX = "_file";

    private static final int MAX_BYTES = 64 * 1024;

    /** Passwords that documentation and defaults have made known to everybody. */
    private static final Set<String> PUBLISHED = Set.of(
            "admin",
            "changeme",
            "change-me",
            "default",
            "materi",
            "materi-demo-1",
            "password",
            "postgres",
            "redis",
            "root",
            "secret",
            "test");

    private Secret() {}

    static String withoutSuffix(String key) {
        return key.substring(0, key.length() - FILE_SUFFIX.length());
    }

    static Optional<String> read(Section section, String key, String path) {
        if (section.get(key) instanceof Leaf given && given.value().isPresent()) {
            return given.value();
        }
        if (section.get(key + FILE_SUFFIX) instanceof Leaf file && file.value().isPresent()) {
            return Optional.of(contents(file, path));
        }
        return Optional.empty();
    }

    private static String contents(Leaf leaf, String path) {
        Path file = Path.of(leaf.value().orElseThrow());
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw refused(leaf, path, file + " is larger than 64 KiB");
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw refused(leaf, path, file + " cannot be read");
        }
    }

    private static ConfigException refused(Leaf leaf, String path, String why) {
        return new ConfigException(leaf.origin() + ": " + path + FILE_SUFFIX + ": " + why);
    }

    /** Whether a secret was generated for development or is known to the world, alone or as the password of a URL. */
    static boolean isForDevelopment(String secret) {
        return known(secret) || passwordOfUrl(secret).filter(Secret::known).isPresent();
    }

    private static boolean known(String secret) {
        return secret.startsWith(SecretFolder.DEVELOPMENT_MARK) || PUBLISHED.contains(secret.toLowerCase(Locale.ROOT));
    }

    private static Optional<String> passwordOfUrl(String secret) {
        try {
            return Optional.ofNullable(URI.create(secret).getUserInfo())
                    .map(userInfo -> userInfo.substring(userInfo.indexOf(':') + 1));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Refuses every secret of the tree that a production must not run with. */
    static void refuseDevelopmentSecrets(Section section, String prefix, Findings findings) {
        section.entries().forEach((key, entry) -> {
            String path = prefix + key;
            if (section.describesItems(key)) {
                return;
            }
            if (entry instanceof Section inner) {
                refuseDevelopmentSecrets(inner, path + ".", findings);
            } else if (entry instanceof Entry.Listing list) {
                list.items().stream()
                        .filter(Section.class::isInstance)
                        .forEach(item -> refuseDevelopmentSecrets((Section) item, path + ".", findings));
            } else if (key.endsWith(FILE_SUFFIX)) {
                refuse(section, withoutSuffix(key), withoutSuffix(path), findings);
            }
        });
    }

    private static void refuse(Section section, String key, String path, Findings findings) {
        if (read(section, key, path).filter(Secret::isForDevelopment).isPresent()) {
            findings.add(
                    origin(section, key),
                    path + " is a secret of a development instance; production needs one of its own");
        }
    }

    private static Origin origin(Section section, String key) {
        return Stream.of(key, key + FILE_SUFFIX)
                .map(section::find)
                .flatMap(Optional::stream)
                .map(Entry::origin)
                .findFirst()
                .orElse(section.origin());
    }
}
