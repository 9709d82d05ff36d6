package ai.materi.platform.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The migrations of one schema, {@code classpath:db/<schema>/*.sql}, and their fingerprint. The fingerprint is kept as the
 * comment of the history table, so that a start with nothing to do costs one query instead of a migration tool.
 */
final class Migrations {
    private Migrations() {}

    static String folder(String schema) {
        return "db/" + schema;
    }

    /** SHA-256 over names and contents, in hexadecimal. */
    static String fingerprint(String schema) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String name : names(schema)) {
                digest.update((name + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
                digest.update(contents(folder(schema) + "/" + name));
            }
            return "materi " + HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new UncheckedIOException("the migrations of " + schema + " cannot be read", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static byte[] contents(String resource) throws IOException {
        try (@Nullable InputStream in = Migrations.class.getResourceAsStream("/" + resource)) {
            if (in == null) {
                throw new IOException("there is no " + resource);
            }
            return in.readAllBytes();
        }
    }

    private static List<String> names(String schema) throws IOException {
        @Nullable URL url = Migrations.class.getResource("/" + folder(schema));
        if (url == null) {
            throw new IllegalStateException("there are no migrations at classpath:" + folder(schema));
        }
        return (url.getProtocol().equals("jar") ? inJar(url) : inFolder(url))
                .stream().filter(name -> name.endsWith(".sql")).sorted().toList();
    }

    private static List<String> inFolder(URL url) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(new URI(url.toString())))) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    private static List<String> inJar(URL url) throws IOException {
        JarURLConnection connection = (JarURLConnection) url.openConnection();
        String prefix =
                connection.getEntryName().endsWith("/") ? connection.getEntryName() : connection.getEntryName() + "/";
        return connection.getJarFile().stream()
                .map(java.util.zip.ZipEntry::getName)
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()))
                .toList();
    }
}
