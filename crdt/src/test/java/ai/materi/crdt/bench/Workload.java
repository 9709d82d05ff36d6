package ai.materi.crdt.bench;

import ai.materi.crdt.Doc;
import ai.materi.crdt.Json;
import ai.materi.crdt.YType;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Updates that a document receives one after the other.
 *
 * @param kind of the root {@code content}: text, array or map
 */
record Workload(String name, String kind, List<byte[]> updates) {
    static final String ROOT = "content";
    private static final int LARGEST_FILE = 1 << 30;

    /** Each update after its length, which takes four bytes. */
    void write(Path file) throws IOException {
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            for (byte[] update : updates) {
                out.writeInt(update.length);
                out.write(update);
            }
        }
    }

    static List<byte[]> read(Path file) throws IOException {
        if (Files.size(file) > LARGEST_FILE) {
            throw new IOException(file + " is over " + LARGEST_FILE + " bytes");
        }
        ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file));
        List<byte[]> updates = new ArrayList<>();
        while (all.hasRemaining()) {
            byte[] update = new byte[all.getInt()];
            all.get(update);
            updates.add(update);
        }
        return updates;
    }

    /** What a document received, as one line that is the same wherever the content is. */
    static String contentDigest(Doc doc, String kind) {
        YType root = switch (kind) {
            case "text" -> doc.text(ROOT);
            case "array" -> doc.array(ROOT);
            default -> doc.map(ROOT);
        };
        String content = kind.equals("text") ? root.toString() : Json.stringify(root.toJson());
        return digest(content.getBytes(StandardCharsets.UTF_8));
    }

    static String digest(byte[] bytes) {
        return digest(List.of(bytes));
    }

    static String digest(List<byte[]> parts) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            parts.forEach(sha256::update);
            return HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
