package ai.materi.platform.config;

import ai.materi.platform.config.Entry.Leaf;
import ai.materi.platform.config.Entry.Listing;
import ai.materi.platform.config.Entry.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Lays one source over the settings below it. The keys below are all the keys there are: a value replaces a value of its
 * kind, a list replaces the whole list, a section is laid over key by key. The items of a list of sections are laid over
 * the section {@code <list>_item} that stands beside the list in {@code materi.yaml} and describes them.
 */
final class Overlay {
    private final Section root;
    private final Findings findings;

    Overlay(Section root, Findings findings) {
        this.root = root;
        this.findings = findings;
    }

    void lay(Section above) {
        lay(root, above, "");
    }

    private void lay(Section below, Section above, String prefix) {
        above.entries().forEach((key, entry) -> {
            Optional<String> refusal = refusal(below, key, prefix);
            if (refusal.isPresent()) {
                findings.add(entry.origin(), refusal.get());
            } else {
                put(below, key, entry, prefix + key);
            }
        });
    }

    private Optional<String> refusal(Section below, String key, String prefix) {
        String path = prefix + key;
        if (below.describesItems(key)) {
            return Optional.of(path + " describes the items of a list; write the items themselves under "
                    + path.substring(0, path.length() - Entry.ITEM_SUFFIX.length()));
        }
        if (below.get(key) == null && below.declaresSecret(key)) {
            return Optional.of(path + " is a secret; set " + Variables.nameOf(path) + " or name its file in " + path
                    + Secret.FILE_SUFFIX);
        }
        if (below.get(key) == null) {
            return Optional.of(path + " is not a setting" + suggestion(path));
        }
        return Optional.empty();
    }

    String suggestion(String path) {
        Set<String> known = new TreeSet<>();
        collect(root, "", known);
        return Nearest.to(path, known)
                .map(near -> "; did you mean " + near + "?")
                .orElse("");
    }

    private static void collect(Section section, String prefix, Set<String> paths) {
        section.entries().forEach((key, entry) -> {
            if (section.describesItems(key)) {
                return;
            }
            paths.add(prefix + key);
            @Nullable Section inner = entry instanceof Section nested ? nested : section.itemOf(key);
            if (inner != null) {
                collect(inner, prefix + key + ".", paths);
            }
        });
    }

    /** Puts one value where there is one of its kind; a mismatch is a finding. */
    void put(Section below, String key, Entry above, String path) {
        @Nullable Entry standing = below.get(key);
        if (standing instanceof Section section && above instanceof Section inner) {
            lay(section, inner, path + ".");
        } else if (standing instanceof Listing && above instanceof Listing list) {
            below.put(key, items(below.itemOf(key), list, path));
        } else if (standing instanceof Leaf leaf && above instanceof Leaf value) {
            leaf(leaf, value, path).ifPresent(accepted -> below.put(key, accepted));
        } else if (standing != null) {
            findings.add(above.origin(), path + " is " + standing.noun() + "; here it is " + above.noun());
        }
    }

    private Optional<Leaf> leaf(Leaf standing, Leaf value, String path) {
        Kind kind = standing.kind();
        String text = value.value().orElse("");
        // A bare number may stand where the default has a size and the other way round: 512 and 64kB are both sizes.
        boolean accepted = kind.accepts(text) || (kind == Kind.NUMBER && Kind.SIZE.accepts(text));
        if (!accepted) {
            findings.add(value.origin(), path + " must be " + kind.noun() + "; it is '" + text + "'");
            return Optional.empty();
        }
        return Optional.of(new Leaf(text, kind, value.origin()));
    }

    private Listing items(@Nullable Section description, Listing list, String path) {
        List<Entry> items = new ArrayList<>();
        for (Entry item : list.items()) {
            if (description == null && item instanceof Leaf) {
                items.add(item);
            } else if (description != null && item instanceof Section section) {
                items.add(described(description, section, path));
            } else {
                findings.add(item.origin(), path + " holds " + (description == null ? "values" : "sections") + " only");
            }
        }
        return new Listing(items, list.origin());
    }

    /** A copy of the description, with what the item says laid over it. */
    private Section described(Section description, Section item, String path) {
        Section copy = copy(description, item.origin());
        lay(copy, item, path + ".");
        return copy;
    }

    private static Section copy(Section section, Origin origin) {
        Section copy = new Section(origin);
        section.entries()
                .forEach((key, entry) ->
                        copy.put(key, entry instanceof Section inner ? copy(inner, inner.origin()) : entry));
        return copy;
    }

    /** Checks the items that {@code materi.yaml} itself lists against their description. */
    void settle() {
        settle(root, "");
    }

    private void settle(Section section, String prefix) {
        section.entries().replaceAll((key, entry) -> {
            if (entry instanceof Section inner && !section.describesItems(key)) {
                settle(inner, prefix + key + ".");
            }
            return entry instanceof Listing list ? items(section.itemOf(key), list, prefix + key) : entry;
        });
    }
}
