package ai.materi.crdt.tool;

import ai.materi.crdt.Json;
import ai.materi.crdt.MalformedUpdateException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** An editing trace; see {@link Replay} for its shape. */
public record Trace(String startContent, String endContent, int agents, List<Transaction> transactions) {
    private static final int LARGEST_FILE = 1 << 28;

    /** By one author, on top of the merge of its parents. */
    public record Transaction(int agent, List<Integer> parents, List<Patch> patches) {}

    /**
     * First deletes, then inserts.
     *
     * @param isPlain whether the whole trace has no characters of two UTF-16 units
     */
    public record Patch(int position, int deleted, String inserted, boolean isPlain) {}

    /** Reads a gzip file; throws {@link BadDataException} when it holds no trace. */
    @SuppressWarnings("unchecked") // JSON objects have string keys
    public static Trace read(Path file) throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            byte[] json = in.readNBytes(LARGEST_FILE);
            if (Json.parse(new String(json, StandardCharsets.UTF_8)) instanceof Map<?, ?> trace) {
                return read((Map<String, Object>) trace);
            }
            throw new BadDataException(file + " is no trace: its JSON is no object");
        } catch (ZipException e) {
            throw new BadDataException(file + " is no gzip file");
        } catch (MalformedUpdateException e) {
            throw new BadDataException(file + " is no trace: " + e.getMessage());
        }
    }

    private static Trace read(Map<String, Object> json) {
        try {
            List<Map<String, Object>> given = objects(required(json, "txns"));
            boolean plain = isPlain(given) && isPlain(json.getOrDefault("startContent", ""));
            List<Transaction> transactions = new ArrayList<>(given.size());
            for (Map<String, Object> one : given) {
                List<Integer> parents = integers(one.getOrDefault("parents", List.of()));
                if (parents.stream().anyMatch(parent -> parent < 0 || parent >= transactions.size())) {
                    throw new BadDataException("transaction " + transactions.size() + " has a parent that comes later");
                }
                transactions.add(new Transaction((Integer) one.getOrDefault("agent", 0), parents, patches(one, plain)));
            }
            int agents = (Integer) json.getOrDefault("numAgents", 1);
            if (agents < 1 || transactions.stream().anyMatch(one -> one.agent() < 0 || one.agent() >= agents)) {
                throw new BadDataException("a transaction of an agent that is not there");
            }
            String start = (String) json.getOrDefault("startContent", "");
            return new Trace(start, (String) required(json, "endContent"), agents, transactions);
        } catch (ClassCastException | IndexOutOfBoundsException e) {
            throw new BadDataException("no trace: it needs endContent and txns of patches");
        }
    }

    private static Object required(Map<String, Object> json, String name) {
        Object value = json.get(name);
        if (value == null) {
            throw new BadDataException("no trace: " + name + " is missing");
        }
        return value;
    }

    @SuppressWarnings("unchecked") // what is none is refused by whoever reads it
    private static List<Map<String, Object>> objects(Object value) {
        return (List<Map<String, Object>>) value;
    }

    @SuppressWarnings("unchecked") // what is none is refused by whoever reads it
    private static List<Integer> integers(Object value) {
        return (List<Integer>) value;
    }

    private static List<Patch> patches(Map<String, Object> transaction, boolean plain) {
        List<Patch> patches = new ArrayList<>();
        for (Object patch : (List<?>) required(transaction, "patches")) {
            List<?> parts = (List<?>) patch;
            patches.add(new Patch((Integer) parts.get(0), (Integer) parts.get(1), (String) parts.get(2), plain));
        }
        return patches;
    }

    private static boolean isPlain(Object value) {
        if (value instanceof String text) {
            return text.chars().noneMatch(c -> Character.isSurrogate((char) c));
        }
        if (value instanceof Map<?, ?> map) {
            return map.values().stream().allMatch(Trace::isPlain);
        }
        return !(value instanceof List<?> list) || list.stream().allMatch(Trace::isPlain);
    }
}
