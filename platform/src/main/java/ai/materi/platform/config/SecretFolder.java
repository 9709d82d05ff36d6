package ai.materi.platform.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;

/**
 * Secrets that an instance made for itself, in {@code <data>/secrets}, one file each, readable by its owner only (0600).
 * Those made under the development profile carry a mark by which a production recognises them.
 */
public final class SecretFolder {
    static final String DEVELOPMENT_MARK = "dev-";

    private static final int BYTES = 32;

    private final Path folder;
    private final boolean development;

    private SecretFolder(Path folder, boolean development) {
        this.folder = folder;
        this.development = development;
    }

    public static SecretFolder of(Settings settings) {
        return new SecretFolder(
                settings.dataDir().resolve("secrets"), settings.profile().equals(Config.DEVELOPMENT));
    }

    /**
     * The secret of this name: 256 random bits in base64url, made and written to the disk the first time.
     *
     * @throws ConfigException in production, when the stored one was made by the development profile
     */
    public String named(String name) {
        Path file = folder.resolve(name);
        try {
            String secret = Files.exists(file) ? Files.readString(file).strip() : create(file);
            if (!development && secret.startsWith(DEVELOPMENT_MARK)) {
                throw new ConfigException(
                        file + ": was made by the development profile; this profile needs a data folder"
                                + " of its own (--data) or DATABASE_URL and REDIS_URL");
            }
            return secret;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep the secret " + file, e);
        }
    }

    private String create(Path file) throws IOException {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        String secret = random();
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        try (FileChannel channel = FileChannel.open(
                fresh,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            channel.write(ByteBuffer.wrap(secret.getBytes(StandardCharsets.UTF_8)));
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        return secret;
    }

    private String random() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return (development ? DEVELOPMENT_MARK : "")
                + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
