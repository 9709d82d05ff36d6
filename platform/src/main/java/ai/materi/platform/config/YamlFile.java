package ai.materi.platform.config;

import ai.materi.platform.config.Entry.Leaf;
import ai.materi.platform.config.Entry.Listing;
import ai.materi.platform.config.Entry.Section;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Reads YAML into entries that know their lines. Only mappings, lists and plain scalars are taken, nothing is executed. */
final class YamlFile {
    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_DEPTH = 12;
    private static final Pattern KEY = Pattern.compile("[a-z][a-z0-9_]{0,63}");

    private final String source;
    private final Findings findings;

    private YamlFile(String source, Findings findings) {
        this.source = source;
        this.findings = findings;
    }

    static Section read(Path file, Findings findings) {
        String source = file.toString();
        try {
            if (Files.size(file) > MAX_BYTES) {
                findings.add(Origin.of(source), "is larger than 1 MiB");
                return new Section(Origin.of(source));
            }
            return parse(source, Files.readString(file), findings) instanceof Section section
                    ? section
                    : notASection(source, findings);
        } catch (NoSuchFileException e) {
            findings.add(Origin.of(source), "there is no such file");
        } catch (IOException e) {
            findings.add(Origin.of(source), "cannot be read: " + e.getMessage());
        }
        return new Section(Origin.of(source));
    }

    private static Section notASection(String source, Findings findings) {
        findings.add(new Origin(source, 1), "holds no keys; write 'key: value' lines");
        return new Section(Origin.of(source));
    }

    /** An empty text is an empty section; a text that is not YAML leaves a finding. */
    static Entry parse(String source, String text, Findings findings) {
        try {
            @Nullable Node root = new Yaml(bounds()).compose(new StringReader(text));
            return root == null
                    ? new Section(Origin.of(source))
                    : new YamlFile(source, findings).entry(root, new Origin(source, 1), 0);
        } catch (MarkedYAMLException e) {
            int line = Optional.ofNullable(e.getProblemMark())
                    .map(mark -> mark.getLine() + 1)
                    .orElse(1);
            findings.add(new Origin(source, line), "is not valid YAML: " + e.getProblem());
        } catch (YAMLException e) {
            findings.add(Origin.of(source), "is not valid YAML: " + e.getMessage());
        }
        return new Section(Origin.of(source));
    }

    private static LoaderOptions bounds() {
        LoaderOptions options = new LoaderOptions();
        options.setNestingDepthLimit(MAX_DEPTH);
        options.setMaxAliasesForCollections(0);
        options.setCodePointLimit(MAX_BYTES);
        return options;
    }

    /** @param origin of the key, which is where a person looks: the value of a section starts a line later */
    private Entry entry(Node node, Origin origin, int depth) {
        if (depth > MAX_DEPTH) {
            findings.add(origin, "is nested deeper than " + MAX_DEPTH + " levels");
            return new Leaf(null, Kind.ANY, origin);
        }
        if (node instanceof MappingNode mapping) {
            return section(mapping, origin, depth);
        }
        if (node instanceof SequenceNode sequence) {
            List<Entry> items = new ArrayList<>();
            sequence.getValue().forEach(item -> items.add(entry(item, origin(item), depth + 1)));
            return new Listing(items, origin);
        }
        return leaf((ScalarNode) node, origin);
    }

    private Section section(MappingNode mapping, Origin place, int depth) {
        Section section = new Section(place);
        for (NodeTuple tuple : mapping.getValue()) {
            Origin origin = origin(tuple.getKeyNode());
            String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
            if (!KEY.matcher(key).matches()) {
                findings.add(origin, "'" + key + "' cannot be a key; keys are snake_case");
            } else if (section.get(key) != null) {
                findings.add(origin, key + " stands here a second time");
            } else {
                section.put(key, entry(tuple.getValueNode(), origin, depth + 1));
            }
        }
        return section;
    }

    private static Leaf leaf(ScalarNode scalar, Origin origin) {
        if (scalar.getTag().equals(Tag.NULL)) {
            return new Leaf(null, Kind.ANY, origin);
        }
        boolean plain = scalar.getScalarStyle() == DumperOptions.ScalarStyle.PLAIN;
        return new Leaf(scalar.getValue(), plain ? Kind.ofDefault(scalar.getValue()) : Kind.ANY, origin);
    }

    private Origin origin(Node node) {
        return new Origin(source, node.getStartMark().getLine() + 1);
    }
}
