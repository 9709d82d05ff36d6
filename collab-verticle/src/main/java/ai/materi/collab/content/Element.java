package ai.materi.collab.content;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A node of the document as an immutable tree, named as TipTap names it. A text block has {@code inline} and no
 * children; any other node has children (perhaps none) and no {@code inline}. {@code source} says which live element it
 * was read from; a node that is to be written has none.
 */
record Element(
        String name,
        Map<String, Object> attributes,
        List<Element> children,
        @Nullable Inline inline,
        @Nullable Source source) {
    static final String PARAGRAPH = "paragraph";
    static final String HEADING = "heading";
    static final String CODE_BLOCK = "codeBlock";
    static final String BLOCKQUOTE = "blockquote";
    static final String BULLET_LIST = "bulletList";
    static final String ORDERED_LIST = "orderedList";
    static final String LIST_ITEM = "listItem";
    static final String TASK_LIST = "taskList";
    static final String TASK_ITEM = "taskItem";
    static final String RULE = "horizontalRule";
    static final String HARD_BREAK = "hardBreak";
    static final String IMAGE = "image";
    static final String TABLE = "table";
    static final String ROW = "tableRow";
    static final String HEADER_CELL = "tableHeader";
    static final String CELL = "tableCell";

    static final Set<String> TEXT_BLOCKS = Set.of(PARAGRAPH, HEADING, CODE_BLOCK);
    static final Set<String> LISTS = Set.of(BULLET_LIST, ORDERED_LIST, TASK_LIST);

    static Element text(String name, Map<String, Object> attributes, Inline inline) {
        return new Element(name, attributes, List.of(), inline, null);
    }

    static Element paragraph(Inline inline) {
        return text(PARAGRAPH, Map.of(), inline);
    }

    static Element node(String name, Map<String, Object> attributes, List<Element> children) {
        return new Element(name, attributes, List.copyOf(children), null, null);
    }

    static Element hardBreak() {
        return node(HARD_BREAK, Map.of(), List.of());
    }

    boolean is(String other) {
        return name.equals(other);
    }

    boolean isText() {
        return inline != null;
    }

    boolean isList() {
        return LISTS.contains(name);
    }

    boolean isLeaf() {
        return inline == null && children.isEmpty();
    }

    /** The inline content; empty where the node is no text block. */
    Inline content() {
        return inline == null ? Inline.EMPTY : inline;
    }

    @Nullable
    Object attribute(String key) {
        return attributes.get(key);
    }

    Element withAttributes(Map<String, Object> other) {
        return new Element(name, other, children, inline, source);
    }

    Element withChildren(List<Element> other) {
        return new Element(name, attributes, List.copyOf(other), inline, source);
    }

    Element withInline(Inline other) {
        return new Element(name, attributes, children, other, source);
    }

    /** The same tree as something new, which no live document holds yet. */
    Element anew() {
        List<Element> copies = new ArrayList<>(children.size());
        children.forEach(child -> copies.add(child.anew()));
        return new Element(name, attributes, copies, inline == null ? null : inline.anew(), null);
    }

    /** All text below, in document order, one text block a line. */
    String plainText() {
        StringBuilder out = new StringBuilder();
        appendText(out);
        return out.toString();
    }

    private void appendText(StringBuilder out) {
        if (inline != null) {
            out.append(out.isEmpty() ? "" : "\n").append(inline.text());
        }
        children.forEach(child -> child.appendText(out));
    }
}
