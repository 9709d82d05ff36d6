package ai.materi.crdt.tool;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The command line, taken apart.
 *
 * @param command one of inspect, merge, diff and replay; empty with --help alone
 * @param files what is neither an option nor its value
 * @param options by name; those without a value have an empty one
 */
record Arguments(String command, List<String> files, Map<String, String> options) {
    private static final Map<String, Set<String>> KNOWN = Map.of(
            "inspect", Set.of("--json", "--structs", "--text", "--array", "--map", "--xml", "--base64"),
            "merge", Set.of("--base64", "--format", "--output"),
            "diff", Set.of("--from", "--base64", "--format", "--output"),
            "replay", Set.of());
    private static final Set<String> WITH_VALUE =
            Set.of("--text", "--array", "--map", "--xml", "--from", "--format", "--output");

    static Arguments of(List<String> words) {
        if (words.isEmpty() || words.contains("--help") || words.contains("-h")) {
            return new Arguments("", List.of(), Map.of("--help", ""));
        }
        String command = words.get(0);
        Set<String> known = KNOWN.get(command);
        if (known == null) {
            throw new UsageException("crdt does not know '" + command + "'");
        }
        List<String> files = new ArrayList<>();
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 1; i < words.size(); i++) {
            String word = words.get(i);
            if (!word.startsWith("--")) {
                files.add(word);
                continue;
            }
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            if (!known.contains(name)) {
                throw new UsageException(command + " does not know '" + name + "'");
            }
            if (!WITH_VALUE.contains(name)) {
                options.put(name, "");
            } else if (equals >= 0) {
                options.put(name, word.substring(equals + 1));
            } else if (++i < words.size()) {
                options.put(name, words.get(i));
            } else {
                throw new UsageException(name + " needs a value");
            }
        }
        return new Arguments(command, List.copyOf(files), options);
    }

    boolean has(String option) {
        return options.containsKey(option);
    }

    /** The one file of a command that takes one. */
    String only(String command) {
        if (files.size() != 1) {
            throw new UsageException(command + " takes one file, not " + files.size());
        }
        return files.get(0);
    }

    List<String> files(String command) {
        if (files.isEmpty()) {
            throw new UsageException(command + " needs a file");
        }
        return files;
    }

    /** The roots to print, by kind. */
    Map<String, String> roots() {
        Map<String, String> roots = new LinkedHashMap<>(options);
        roots.keySet().retainAll(Set.of("--text", "--array", "--map", "--xml"));
        return roots;
    }

    String from() {
        String from = options.get("--from");
        if (from == null) {
            throw new UsageException("diff needs --from, a state vector");
        }
        return from;
    }

    /** 1 or 2. */
    int format(int unlessGiven) {
        return switch (options.getOrDefault("--format", "v" + unlessGiven)) {
            case "v1" -> 1;
            case "v2" -> 2;
            default -> throw new UsageException("--format takes v1 or v2, not '" + options.get("--format") + "'");
        };
    }

    /** Empty for standard output. */
    String output() {
        return options.getOrDefault("--output", "");
    }
}
