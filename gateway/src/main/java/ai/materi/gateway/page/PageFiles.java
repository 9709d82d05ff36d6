package ai.materi.gateway.page;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The files of the page, read once at boot: a path that a client sends is looked up in a map and never reaches the file
 * system.
 */
public final class PageFiles {
    private static final long MAX_BYTES = 64L << 20;
    private static final int WORTH_COMPRESSING = 1024;
    private static final Pattern HASHED = Pattern.compile(".*[-.][A-Za-z0-9_-]{8,}\\.[a-z0-9]+$");
    private static final Map<String, String> MEDIA_TYPES = Map.ofEntries(
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("mjs", "text/javascript; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("webmanifest", "application/manifest+json"),
            Map.entry("map", "application/json"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("txt", "text/plain; charset=utf-8"),
            Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("webp", "image/webp"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("woff2", "font/woff2"));

    private final Map<String, PageFile> files;

    private PageFiles(Map<String, PageFile> files) {
        this.files = Map.copyOf(files);
    }

    /** Reads everything below the folder: blocks. A folder that is not there holds no page. */
    public static PageFiles load(Path folder) {
        if (!Files.isDirectory(folder)) {
            return new PageFiles(Map.of());
        }
        try (Stream<Path> found = Files.walk(folder)) {
            List<Path> paths = found.filter(Files::isRegularFile).toList();
            Map<String, PageFile> files = new HashMap<>();
            long total = 0;
            for (Path path : paths) {
                total += Files.size(path);
                if (total > MAX_BYTES) {
                    throw new IllegalStateException(
                            folder + " holds more than " + MAX_BYTES + " bytes: is it the page?");
                }
                files.put("/" + folder.relativize(path).toString().replace('\\', '/'), read(path));
            }
            return new PageFiles(files);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PageFile read(Path path) throws IOException {
        byte[] bytes = Files.readAllBytes(path);
        String name = path.getFileName().toString();
        String type = MEDIA_TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "application/octet-stream");
        boolean hashed =
                path.toString().contains("assets") && HASHED.matcher(name).matches();
        return new PageFile(type, Buffer.buffer(bytes), compressed(type, bytes), digest(bytes), hashed);
    }

    private static @Nullable Buffer compressed(String type, byte[] bytes) throws IOException {
        boolean packed = (type.startsWith("image/") && !type.startsWith("image/svg")) || type.startsWith("font/");
        if (packed || bytes.length < WORTH_COMPRESSING) {
            return null;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 2);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return Buffer.buffer(out.toByteArray());
    }

    private static String digest(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(digest, 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    Optional<PageFile> at(String path) {
        return Optional.ofNullable(files.get(path));
    }

    public boolean isEmpty() {
        return files.isEmpty();
    }
}
