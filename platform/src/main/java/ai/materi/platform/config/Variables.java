package ai.materi.platform.config;

import ai.materi.platform.config.Entry.Leaf;
import ai.materi.platform.config.Entry.Listing;
import ai.materi.platform.config.Entry.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Settings from the environment. A variable is the path of its setting in capitals, dots and all other signs turned into
 * underscores; an item of a list of sections is named by its {@code name}, else by its index. Two paths that would share a
 * variable are refused, so that a variable never has two readings. A list is separated by commas, or is a YAML list.
 */
final class Variables {
    static final String PREFIX = "MATERI_";

    /** Read by the start script and by the command line, not settings. */
    static final Set<String> RESERVED = Set.of(
            "MATERI_HOME", "MATERI_JAVA_OPTS", "MATERI_DATA", "MATERI_PROFILE", "MATERI_CONFIG", "MATERI_PID_FILE");

    /** Names that everybody else uses for the same thing. */
    private static final Map<String, String> ALIASES =
            Map.of("DATABASE_URL", "MATERI_POSTGRES_URL", "REDIS_URL", "MATERI_REDIS_URL");

    /** A place that a variable can fill. */
    private record Slot(String path, Section parent, String key) {
        boolean listing() {
            return parent.get(key) instanceof Listing;
        }
    }

    private final Section root;
    private final Overlay overlay;
    private final Findings findings;

    Variables(Section root, Overlay overlay, Findings findings) {
        this.root = root;
        this.overlay = overlay;
        this.findings = findings;
    }

    static String nameOf(String path) {
        return PREFIX + path.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    /** Whole lists first: a variable may then speak of an item that another one has brought. */
    void lay(Map<String, String> environment) {
        Map<String, String> variables = settingsIn(environment);
        each(variables, true);
        each(variables, false);
    }

    private static Map<String, String> settingsIn(Map<String, String> environment) {
        Map<String, String> variables = new TreeMap<>();
        environment.forEach((name, text) -> {
            if ((name.startsWith(PREFIX) && !RESERVED.contains(name)) || ALIASES.containsKey(name)) {
                variables.put(name, text);
            }
        });
        return variables;
    }

    private void each(Map<String, String> variables, boolean listings) {
        Map<String, Slot> slots = slots();
        variables.forEach((name, text) -> {
            @Nullable Slot slot = slots.get(ALIASES.getOrDefault(name, name));
            if (slot != null && slot.listing() == listings) {
                fill(slot, text, Origin.of(name));
            } else if (slot == null && !listings && !ALIASES.containsKey(name)) {
                findings.add(Origin.of(name), "is not a setting" + suggestion(name, slots));
            }
        });
    }

    /** By what follows the prefix, which all of them share. */
    private static String suggestion(String name, Map<String, Slot> slots) {
        List<String> known = slots.keySet().stream()
                .map(slot -> slot.substring(PREFIX.length()))
                .toList();
        return Nearest.to(name.substring(PREFIX.length()), known)
                .map(near -> "; did you mean " + PREFIX + near + "?")
                .orElse("");
    }

    /** Values by dotted path, from the command line. */
    void layOverrides(Map<String, String> overrides) {
        Map<String, Slot> slots = slots();
        new TreeMap<>(overrides).forEach((path, text) -> {
            Origin origin = Origin.of("option " + path);
            @Nullable Slot slot = slots.get(nameOf(path));
            if (slot == null || !slot.path().equals(path)) {
                findings.add(origin, path + " is not a setting" + overlay.suggestion(path));
            } else {
                fill(slot, text, origin);
            }
        });
    }

    private void fill(Slot slot, String text, Origin origin) {
        if (slot.parent().get(slot.key()) == null || slot.parent().declaresSecret(slot.key())) {
            slot.parent().put(slot.key(), new Leaf(text, Kind.ANY, origin));
        } else if (slot.listing()) {
            overlay.put(slot.parent(), slot.key(), list(text, origin), slot.path());
        } else {
            overlay.put(slot.parent(), slot.key(), new Leaf(text, Kind.ANY, origin), slot.path());
        }
    }

    private Entry list(String text, Origin origin) {
        if (text.strip().startsWith("[")) {
            return YamlFile.parse(origin.source(), text, findings);
        }
        List<Entry> items = new ArrayList<>();
        for (String item : text.split(",", -1)) {
            if (!item.isBlank()) {
                items.add(new Leaf(item.strip(), Kind.ANY, origin));
            }
        }
        return new Listing(items, origin);
    }

    private Map<String, Slot> slots() {
        Map<String, Slot> slots = new TreeMap<>();
        collect(root, "", slots);
        return slots;
    }

    private void collect(Section section, String prefix, Map<String, Slot> slots) {
        section.entries().forEach((key, entry) -> {
            String path = prefix + key;
            if (section.describesItems(key) || section.declaresSecret(key)) {
                return;
            }
            if (entry instanceof Section inner) {
                collect(inner, path + ".", slots);
                return;
            }
            add(slots, new Slot(path, section, key));
            if (key.endsWith(Secret.FILE_SUFFIX)) {
                add(slots, new Slot(Secret.withoutSuffix(path), section, Secret.withoutSuffix(key)));
            }
            if (entry instanceof Listing list) {
                collectItems(list, path, slots);
            }
        });
    }

    private void collectItems(Listing list, String path, Map<String, Slot> slots) {
        for (int i = 0; i < list.items().size(); i++) {
            if (list.items().get(i) instanceof Section item) {
                collect(item, path + "." + label(item).orElse(String.valueOf(i)) + ".", slots);
            }
        }
    }

    private static Optional<String> label(Section item) {
        return item.get("name") instanceof Leaf leaf ? leaf.value() : Optional.empty();
    }

    private void add(Map<String, Slot> slots, Slot slot) {
        @Nullable Slot other = slots.putIfAbsent(nameOf(slot.path()), slot);
        if (other != null) {
            findings.add(
                    slot.parent().origin(),
                    slot.path() + " and " + other.path() + " would share the variable " + nameOf(slot.path()));
        }
    }
}
