package ai.materi.collab.content;

import java.util.List;
import java.util.Map;

/** Writes the tree as ProseMirror's JSON, everything in it. */
final class ProseMirrorRenderer {
    private ProseMirrorRenderer() {}

    static String document(List<Element> blocks) {
        StringBuilder out = new StringBuilder("{\"type\":\"doc\"");
        content(blocks, out);
        return out.append('}').toString();
    }

    static String part(Element part) {
        StringBuilder out = new StringBuilder();
        node(part, out);
        return out.toString();
    }

    private static void node(Element node, StringBuilder out) {
        out.append("{\"type\":");
        JsonText.string(node.name(), out);
        if (!node.attributes().isEmpty()) {
            out.append(",\"attrs\":");
            JsonText.value(node.attributes(), out, 0);
        }
        if (node.inline() == null) {
            content(node.children(), out);
        } else if (!node.inline().isEmpty()) {
            inline(node.inline(), out);
        }
        out.append('}');
    }

    private static void content(List<Element> children, StringBuilder out) {
        char separator = '[';
        out.append(children.isEmpty() ? "" : ",\"content\":");
        for (Element child : children) {
            out.append(separator);
            node(child, out);
            separator = ',';
        }
        out.append(children.isEmpty() ? "" : "]");
    }

    private static void inline(Inline inline, StringBuilder out) {
        char separator = '[';
        out.append(",\"content\":");
        for (Inline.Span span : inline.spans()) {
            out.append(separator);
            if (span.object() == null) {
                text(span, out);
            } else {
                node(span.object(), out);
            }
            separator = ',';
        }
        out.append(']');
    }

    private static void text(Inline.Span span, StringBuilder out) {
        out.append("{\"type\":\"text\",\"text\":");
        JsonText.string(span.text(), out);
        if (!span.marks().isEmpty()) {
            out.append(",\"marks\":");
            char separator = '[';
            for (Map.Entry<String, Object> mark : span.marks().values().entrySet()) {
                out.append(separator);
                mark(Marks.name(mark.getKey()), mark.getValue(), out);
                separator = ',';
            }
            out.append(']');
        }
        out.append('}');
    }

    private static void mark(String name, Object attributes, StringBuilder out) {
        out.append("{\"type\":");
        JsonText.string(name, out);
        if (attributes instanceof Map<?, ?> map && !map.isEmpty()) {
            out.append(",\"attrs\":");
            JsonText.value(map, out, 0);
        }
        out.append('}');
    }
}
