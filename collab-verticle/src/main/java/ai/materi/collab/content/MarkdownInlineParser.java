package ai.materi.collab.content;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.commonmark.ext.gfm.strikethrough.Strikethrough;
import org.commonmark.node.Code;
import org.commonmark.node.Emphasis;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.StrongEmphasis;
import org.commonmark.node.Text;

/** Reads the inline content of a GFM block. A soft line break is a blank; bare addresses become links. */
final class MarkdownInlineParser {
    /** Stands at both ends of text that is read as inline content only, so that no block can start and no blank is lost. */
    private static final String SENTINEL = "\u2E2E";

    private final Inline.Builder out = new Inline.Builder();

    private MarkdownInlineParser() {}

    static Inline parse(Node block) {
        MarkdownInlineParser parser = new MarkdownInlineParser();
        parser.children(block, Marks.NONE, 0);
        return autolinked(parser.out.build());
    }

    private void children(Node parent, Marks marks, int depth) {
        Bounds.checkDepth(depth);
        for (Node n = parent.getFirstChild(); n != null; n = n.getNext()) {
            node(n, marks, depth + 1);
        }
    }

    private void node(Node node, Marks marks, int depth) {
        if (node instanceof Text text) {
            out.text(text.getLiteral(), marks);
        } else if (node instanceof Code code) {
            out.text(code.getLiteral(), marks.with(Marks.CODE, Map.of()));
        } else if (node instanceof SoftLineBreak) {
            out.text(" ", marks);
        } else if (node instanceof HardLineBreak) {
            out.object(Element.hardBreak());
        } else if (node instanceof HtmlInline html) {
            html(html.getLiteral(), marks);
        } else if (node instanceof Image image) {
            image(image, marks);
        } else {
            children(node, marked(node, marks), depth);
        }
    }

    private static Marks marked(Node node, Marks marks) {
        if (node instanceof StrongEmphasis) {
            return marks.with(Marks.BOLD, Map.of());
        }
        if (node instanceof Emphasis) {
            return marks.with(Marks.ITALIC, Map.of());
        }
        if (node instanceof Strikethrough) {
            return marks.with(Marks.STRIKE, Map.of());
        }
        if (node instanceof Link link && Urls.safeLink(link.getDestination())) {
            String title = link.getTitle() == null ? "" : link.getTitle();
            return marks.with(Marks.LINK, Fit.link(link.getDestination(), title));
        }
        return marks;
    }

    /** Line breaks have no other form in headings and cells, comments say nothing; all other tags are text. */
    private void html(String tag, Marks marks) {
        if (tag.matches("(?i)<br\\s*/?>")) {
            out.object(Element.hardBreak());
        } else if (!tag.startsWith("<!--")) {
            out.text(tag, marks);
        }
    }

    private void image(Image image, Marks marks) {
        StringBuilder alt = new StringBuilder();
        alternative(image, alt, 0);
        String src = image.getDestination();
        if (Urls.safeImage(src)) {
            out.object(image(src, alt.toString(), image.getTitle()));
        } else {
            out.text(alt.toString(), marks);
        }
    }

    static Element image(String src, String alt, @org.jspecify.annotations.Nullable String title) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put("src", src);
        if (!alt.isEmpty()) {
            attributes.put("alt", alt);
        }
        if (title != null && !title.isEmpty()) {
            attributes.put("title", title);
        }
        return Element.node(Element.IMAGE, Values.map(attributes), List.of());
    }

    private static void alternative(Node node, StringBuilder into, int depth) {
        Bounds.checkDepth(depth);
        for (Node n = node.getFirstChild(); n != null; n = n.getNext()) {
            if (n instanceof Text text) {
                into.append(text.getLiteral());
            } else if (n instanceof Code code) {
                into.append(code.getLiteral());
            } else if (n instanceof SoftLineBreak || n instanceof HardLineBreak) {
                into.append(' ');
            } else {
                alternative(n, into, depth + 1);
            }
        }
    }

    /** Bare addresses become links, as long as they stand in one stretch of equal marks. */
    private static Inline autolinked(Inline inline) {
        Inline.Builder result = new Inline.Builder();
        for (Inline.Span span : inline.spans()) {
            boolean taken = span.object() != null
                    || span.marks().has(Marks.CODE)
                    || span.marks().has(Marks.LINK);
            int at = 0;
            for (Autolinks.Found link : taken ? List.<Autolinks.Found>of() : Autolinks.in(span.text())) {
                result.add(span.part(at, link.from()));
                Marks linked = span.marks().with(Marks.LINK, Fit.link(link.href(), ""));
                result.add(span.part(link.from(), link.to()).withMarks(linked));
                at = link.to();
            }
            result.add(span.part(at, span.text().length()));
        }
        return result.build();
    }

    /** Reads text as inline content whatever it looks like; a line break in it is a hard break, blanks at its ends stay. */
    static Inline parseInline(String markdown) {
        List<Inline> lines = new ArrayList<>();
        for (String line : markdown.split("\n", -1)) {
            lines.add(line.isEmpty() ? Inline.EMPTY : line(line));
        }
        Inline.Builder all = new Inline.Builder().add(lines.get(0));
        lines.stream().skip(1).forEach(line -> all.object(Element.hardBreak()).add(line));
        return all.build();
    }

    private static Inline line(String line) {
        boolean blankAtEnd = Flanking.isSpace(line.charAt(line.length() - 1));
        String guarded = SENTINEL + line + (blankAtEnd ? SENTINEL : "");
        List<Element> blocks = MarkdownParser.parse(guarded);
        Inline inline = blocks.size() == 1 ? blocks.get(0).content() : Inline.of(guarded);
        return inline.slice(1, inline.length() - (blankAtEnd ? 1 : 0));
    }
}
