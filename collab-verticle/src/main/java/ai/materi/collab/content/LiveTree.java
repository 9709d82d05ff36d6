package ai.materi.collab.content;

import ai.materi.crdt.Delta;
import ai.materi.crdt.YText;
import ai.materi.crdt.YType;
import ai.materi.crdt.YXmlElement;
import ai.materi.crdt.YXmlFragment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads live XML, as y-prosemirror keeps it, into a tree whose nodes remember where they came from. */
final class LiveTree {
    /** Names of the inline elements that common editors have; others are known by the text beside them. */
    static final Set<String> INLINE = Set.of(
            Element.HARD_BREAK, "mention", "emoji", "inlineMath", "inline_math", "hard_break", "footnoteReference");
    /** Stands for what is no element among text: it counts a unit and is never touched. */
    private static final Element UNKNOWN = Element.node("unknown", Map.of(), List.of());

    private LiveTree() {}

    static List<Element> read(YXmlFragment root) {
        return children(root, 1);
    }

    /** Reads one live element, whose parent must hold it. */
    static Element read(YXmlElement live, YXmlFragment parent) {
        return element(live, parent, parent.children().indexOf(live), 1);
    }

    private static List<Element> children(YXmlFragment parent, int depth) {
        List<YType> nodes = parent.children();
        List<Element> children = new ArrayList<>(nodes.size());
        for (int i = 0; i < nodes.size(); i++) {
            if (nodes.get(i) instanceof YXmlElement live) {
                children.add(element(live, parent, i, depth));
            }
        }
        return children;
    }

    /** What is nested deeper than the bound counts as a leaf: it is kept, but nobody looks into it. */
    private static Element element(YXmlElement live, YXmlFragment parent, int index, int depth) {
        Source source = new Source(parent, index, live);
        Map<String, Object> attributes = attributes(live.attributes());
        if (depth > Bounds.DEPTH) {
            return new Element(live.nodeName(), attributes, List.of(), null, source);
        }
        if (isText(live)) {
            return new Element(live.nodeName(), attributes, List.of(), inline(live, depth), source);
        }
        return new Element(live.nodeName(), attributes, children(live, depth + 1), null, source);
    }

    private static boolean isText(YXmlElement live) {
        return Element.TEXT_BLOCKS.contains(live.nodeName())
                || live.children().stream()
                        .anyMatch(c ->
                                c instanceof YText || (c instanceof YXmlElement e && INLINE.contains(e.nodeName())));
    }

    private static Inline inline(YXmlElement live, int depth) {
        Inline.Builder out = new Inline.Builder();
        List<YType> nodes = live.children();
        for (int i = 0; i < nodes.size(); i++) {
            YType node = nodes.get(i);
            if (node instanceof YText text) {
                text.toDelta().forEach(insert -> run(insert, out));
            } else {
                out.object(node instanceof YXmlElement e ? element(e, live, i, depth + 1) : UNKNOWN);
            }
        }
        return out.build().asOrigin();
    }

    private static void run(Delta.Insert insert, Inline.Builder out) {
        if (insert.insert() instanceof String text) {
            out.text(text, Marks.of(attributes(insert.attributes())));
        } else {
            out.object(UNKNOWN);
        }
    }

    private static Map<String, Object> attributes(Map<String, ?> live) {
        if (live.isEmpty()) {
            return Map.of();
        }
        Map<String, Object> known = new java.util.LinkedHashMap<>();
        live.forEach((key, value) -> {
            if (value instanceof String
                    || value instanceof Number
                    || value instanceof Boolean
                    || value instanceof Map<?, ?>
                    || value instanceof List<?>) {
                known.put(key, value);
            }
        });
        return Values.map(known);
    }
}
