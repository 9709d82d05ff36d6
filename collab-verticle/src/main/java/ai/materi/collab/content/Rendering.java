package ai.materi.collab.content;

import java.util.List;

/**
 * One format's view of the tree: which blocks it sees, how it writes them, and how it reads them back. {@code imagesInText}
 * says where the document keeps its images.
 */
record Rendering(Format format, boolean imagesInText) {
    List<Element> parse(String text) {
        Fit fit = new Fit(imagesInText);
        return switch (format) {
            case MARKDOWN -> fit.blocks(MarkdownParser.parse(text));
            case HTML -> fit.blocks(HtmlParser.parse(text));
            case TEXT -> TextFormat.parse(text);
            case PROSEMIRROR -> ProseMirrorParser.parse(text);
            case YJS -> throw Bounds.invalid("A Yjs update is no text.");
        };
    }

    String document(List<Element> blocks) {
        return switch (format) {
            case MARKDOWN -> new MarkdownRenderer().document(blocks);
            case HTML -> HtmlRenderer.document(blocks);
            case TEXT -> TextFormat.document(blocks);
            default -> ProseMirrorRenderer.document(blocks);
        };
    }

    /** A block, list item, row or cell as it is written when it stands alone; equal text means: not changed. */
    String part(Element part) {
        return switch (format) {
            case MARKDOWN -> new MarkdownRenderer().part(part);
            case HTML -> HtmlRenderer.part(part);
            case TEXT -> TextFormat.part(part);
            default -> ProseMirrorRenderer.part(part);
        };
    }

    /** The blocks that the format sees in a sequence of nodes. */
    List<Element> blocks(List<Element> children) {
        return switch (format) {
            case MARKDOWN -> Shown.blocks(children, false);
            case HTML -> Shown.blocks(children, true);
            case TEXT -> TextFormat.blocks(children);
            default -> children;
        };
    }

    /** What the format sees in a node: a list's items, a table's rows, the blocks of anything else. */
    List<Element> inside(Element container) {
        boolean rows = container.isList() || container.is(Element.TABLE) || container.is(Element.ROW);
        return rows || format == Format.PROSEMIRROR ? container.children() : blocks(container.children());
    }

    /** Whether the format can say that text has this mark. */
    boolean knows(String mark) {
        return switch (format) {
            case MARKDOWN ->
                List.of(Marks.BOLD, Marks.ITALIC, Marks.STRIKE, Marks.CODE, Marks.LINK)
                        .contains(mark);
            case HTML -> HtmlRenderer.knows(mark);
            case TEXT -> false;
            default -> true;
        };
    }

    /** What a reader of this format knows of a live block, as a tree of its own; the block itself where that is not one. */
    Element known(Element live) {
        if (format == Format.PROSEMIRROR) {
            return live;
        }
        if (format == Format.TEXT) {
            return Element.paragraph(Inline.of(part(live)));
        }
        List<Element> read = parse(part(live));
        return read.size() == 1 ? read.get(0) : live;
    }
}
