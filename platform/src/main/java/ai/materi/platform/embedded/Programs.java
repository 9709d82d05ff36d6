package ai.materi.platform.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The server programs, unpacked once a user from the jars that carry them to {@code $XDG_CACHE_HOME/materi}
 * ({@code ~/.cache/materi}), each into a folder named after its jar; a folder is complete as soon as it has that name.
 */
public final class Programs {
    private static final Map<String, String> POSTGRES =
            Map.of("amd64", "postgres-linux-x86_64.txz", "aarch64", "postgres-linux-arm_64.txz");
    private static final Map<String, String> REDIS =
            Map.of("amd64", "redis-server-6.2.6-v5-linux-amd64", "aarch64", "redis-server-6.2.7-linux-arm64");

    private final Path folder;

    private Programs(Path folder) {
        this.folder = folder;
    }

    public static Programs in(Path folder) {
        return new Programs(folder);
    }

    /** The user's cache; {@code <data>/bin} when there is none that can be written. */
    public static Programs cachedOr(Path data) {
        String home = System.getProperty("user.home", "/");
        String cache = Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .filter(value -> value.startsWith("/"))
                .orElse(home + "/.cache");
        Path shared = Path.of(cache, "materi");
        try {
            Files.createDirectories(shared);
            return new Programs(Files.isWritable(shared) ? shared : data.resolve("bin"));
        } catch (IOException e) {
            return new Programs(data.resolve("bin"));
        }
    }

    /** The folder that holds {@code bin/postgres}. */
    Path postgres() throws IOException {
        return unpacked(resource("PostgreSQL", POSTGRES), Programs::untar);
    }

    /** The executable itself. */
    Path redis() throws IOException {
        return unpacked(resource("Redis", REDIS), (in, target) -> save(in, target.resolve("redis-server"), true))
                .resolve("redis-server");
    }

    private interface Unpacking {
        void unpack(InputStream in, Path target) throws IOException;
    }

    private Path unpacked(URL resource, Unpacking unpacking) throws IOException {
        Path target = folder.resolve(jarOf(resource));
        if (Files.isDirectory(target)) {
            return target;
        }
        Files.createDirectories(folder);
        Path fresh = Files.createTempDirectory(folder, "unpacking-");
        try (InputStream in = new BufferedInputStream(resource.openStream(), 1 << 16)) {
            unpacking.unpack(in, fresh);
        }
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
        settle(fresh, target);
        return target;
    }

    private static void settle(Path fresh, Path target) throws IOException {
        try {
            Files.move(fresh, target);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
            // Another instance was faster; its copy is as good.
            deleteTree(fresh);
        }
    }

    static void deleteTree(Path tree) throws IOException {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static URL resource(String program, Map<String, String> names) {
        String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        boolean linux = System.getProperty("os.name", "").equals("Linux");
        @Nullable String name = linux ? names.get(arch) : null;
        @Nullable URL url = name == null ? null : Programs.class.getResource("/" + name);
        if (url == null) {
            throw new EmbeddedException("there is no embedded " + program + " for " + System.getProperty("os.name")
                    + " " + arch + "; set DATABASE_URL and REDIS_URL");
        }
        return url;
    }

    /** {@code jar:file:/…/name-1.2.jar!/resource} is {@code name-1.2}. */
    private static String jarOf(URL resource) {
        String path = resource.getPath();
        int end = path.lastIndexOf(".jar!");
        return path.substring(path.lastIndexOf('/', end) + 1, end);
    }

    private static void untar(InputStream in, Path target) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(in))) {
            @Nullable TarArchiveEntry entry = tar.getNextEntry();
            while (entry != null) {
                place(tar, entry, inside(target, entry.getName()));
                entry = tar.getNextEntry();
            }
        }
    }

    private static Path inside(Path target, String name) throws IOException {
        Path path = target.resolve(name).normalize();
        if (!path.startsWith(target)) {
            throw new IOException("the archive reaches outside its folder: " + name);
        }
        return path;
    }

    private static void place(InputStream tar, TarArchiveEntry entry, Path path) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else {
            save(tar, path, (entry.getMode() & 0100) != 0);
        }
    }

    private static void save(InputStream in, Path path, boolean executable) throws IOException {
        Files.copy(in, path);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }
}
