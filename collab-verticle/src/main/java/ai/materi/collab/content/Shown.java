package ai.materi.collab.content;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What Markdown, HTML and text show of a document: which nodes are blocks, which are wrappers, which cannot be seen. */
final class Shown {
    private static final Set<String> BLOCKS = Set.of(
            Element.PARAGRAPH,
            Element.HEADING,
            Element.CODE_BLOCK,
            Element.BLOCKQUOTE,
            Element.BULLET_LIST,
            Element.ORDERED_LIST,
            Element.TASK_LIST,
            Element.RULE,
            Element.IMAGE,
            Element.TABLE);
    private static final List<String> LABELS = List.of("label", "text", "name", "latex", "id");

    private Shown() {}

    /**
     * The blocks as a reader sees them: wrappers that the formats do not know are passed through, blocks without a
     * visible trace are left out.
     */
    static List<Element> blocks(List<Element> children, boolean emptyParagraphs) {
        List<Element> shown = new ArrayList<>(children.size());
        collect(children, emptyParagraphs, shown);
        return shown;
    }

    private static void collect(List<Element> children, boolean emptyParagraphs, List<Element> into) {
        for (Element child : children) {
            if (isWrapper(child)) {
                collect(child.children(), emptyParagraphs, into);
            } else if (isVisible(child, emptyParagraphs)) {
                into.add(child);
            }
        }
    }

    /** Whether it is passed through: the blocks in it count as blocks of what is around it. */
    static boolean isWrapper(Element element) {
        return !BLOCKS.contains(element.name())
                && !element.isText()
                && !element.children().isEmpty();
    }

    private static boolean isVisible(Element element, boolean emptyParagraphs) {
        if (element.isList()) {
            return !element.children().isEmpty();
        }
        return switch (element.name()) {
            case Element.TABLE -> columns(element) > 0;
            case Element.HEADING, Element.CODE_BLOCK, Element.BLOCKQUOTE, Element.RULE -> true;
            case Element.IMAGE -> true;
            default -> element.isText() && (emptyParagraphs || !isBlank(element.content()));
        };
    }

    /** Whether nothing in it leaves a trace in the formats. */
    static boolean isBlank(Inline inline) {
        return inline.spans().stream().allMatch(s -> s.object() != null && isHidden(s.object()));
    }

    private static boolean isHidden(Element object) {
        return !object.is(Element.HARD_BREAK)
                && !object.is(Element.IMAGE)
                && label(object).isEmpty();
    }

    /** The widest row of a table. */
    static int columns(Element table) {
        return table.children().stream()
                .mapToInt(row -> row.children().size())
                .max()
                .orElse(0);
    }

    /** The words that stand for an inline element of which the formats know nothing, e.g. {@code @Ada} for a mention. */
    static String label(Element object) {
        for (String key : LABELS) {
            String label = Values.text(object.attribute(key));
            if (!label.isEmpty()) {
                return object.is("mention") ? "@" + label : label;
            }
        }
        return "";
    }

    /** The blocks of a list item or a table cell; one that holds text itself counts as one paragraph. */
    static List<Element> inside(Element container, boolean emptyParagraphs) {
        if (container.inline() == null) {
            return blocks(container.children(), emptyParagraphs);
        }
        Element paragraph = new Element(Element.PARAGRAPH, Map.of(), List.of(), container.inline(), container.source());
        return blocks(List.of(paragraph), emptyParagraphs);
    }

    static int level(Element heading) {
        return Math.max(1, Math.min(6, Values.number(heading.attribute("level"), 1)));
    }

    static String language(Element code) {
        return Values.text(code.attribute("language"));
    }

    static boolean isChecked(Element item) {
        return Values.truth(item.attribute("checked"));
    }

    static int start(Element list) {
        int start = Values.number(list.attribute("start"), 1);
        return start < 0 || start > 900_000_000 ? 1 : start;
    }

    static @Nullable String alignment(Element cell) {
        String align = Values.text(cell.attribute("align"));
        return Set.of("left", "center", "right").contains(align) ? align : null;
    }
}
