package ai.materi.collab.content;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.commonmark.ext.gfm.strikethrough.StrikethroughExtension;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableBody;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TableHead;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.BulletList;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.LinkReferenceDefinition;
import org.commonmark.node.ListBlock;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SourceSpan;
import org.commonmark.node.ThematicBreak;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;
import org.jspecify.annotations.Nullable;

/** Reads GFM. HTML blocks go through the HTML reader, HTML inside text stays text. */
final class MarkdownParser {
    private static final Pattern TASK = Pattern.compile("^\\[[ xX]\\](?:[ \\t]+|$)");
    private static final Parser PARSER = Parser.builder()
            .extensions(List.of(TablesExtension.create(), StrikethroughExtension.create()))
            .includeSourceSpans(IncludeSourceSpans.BLOCKS)
            .maxOpenBlockParsers(Bounds.DEPTH)
            .maxInlineNesting(Bounds.DEPTH)
            .build();

    /** A block at the top and where its source starts. */
    record Placed(Element block, int sourceStart) {}

    private final String source;
    private int nodes;

    private MarkdownParser(String source) {
        this.source = source;
    }

    static List<Element> parse(String source) {
        return new MarkdownParser(source).blocks(PARSER.parse(source), 0);
    }

    /** The same, with the offset at which each block's first line starts; an HTML block may give several with one offset. */
    static List<Placed> parsePlaced(String source) {
        MarkdownParser parser = new MarkdownParser(source);
        List<Placed> placed = new ArrayList<>();
        for (Node n = PARSER.parse(source).getFirstChild(); n != null; n = n.getNext()) {
            List<SourceSpan> spans = n.getSourceSpans();
            int start = spans.isEmpty() ? 0 : spans.get(0).getInputIndex();
            List<Element> blocks = new ArrayList<>();
            parser.block(n, 1, blocks);
            blocks.forEach(block -> placed.add(new Placed(block, start)));
        }
        return placed;
    }

    private List<Element> blocks(Node parent, int depth) {
        Bounds.checkDepth(depth);
        List<Element> blocks = new ArrayList<>();
        for (Node n = parent.getFirstChild(); n != null; n = n.getNext()) {
            Bounds.checkNodes(++nodes);
            block(n, depth + 1, blocks);
        }
        return blocks;
    }

    private void block(Node node, int depth, List<Element> into) {
        if (node instanceof Paragraph) {
            into.add(Element.paragraph(MarkdownInlineParser.parse(node)));
        } else if (node instanceof Heading heading) {
            Map<String, Object> level = Map.of("level", (long) heading.getLevel());
            into.add(Element.text(Element.HEADING, level, MarkdownInlineParser.parse(node)));
        } else if (node instanceof FencedCodeBlock code) {
            into.add(code(code.getInfo(), code.getLiteral()));
        } else if (node instanceof IndentedCodeBlock code) {
            into.add(code("", code.getLiteral()));
        } else if (node instanceof BlockQuote) {
            into.add(Element.node(Element.BLOCKQUOTE, Map.of(), blocks(node, depth)));
        } else if (node instanceof ThematicBreak) {
            into.add(Element.node(Element.RULE, Map.of(), List.of()));
        } else if (node instanceof ListBlock list) {
            lists(list, depth, into);
        } else if (node instanceof TableBlock) {
            into.add(table(node));
        } else if (node instanceof HtmlBlock html) {
            into.addAll(HtmlParser.parseFragment(html.getLiteral(), depth));
        } else if (!(node instanceof LinkReferenceDefinition)) {
            throw new IllegalStateException(
                    "Not a block of GFM: " + node.getClass().getName());
        }
    }

    private static Element code(@Nullable String info, String literal) {
        String text = literal.endsWith("\n") ? literal.substring(0, literal.length() - 1) : literal;
        String language = info == null ? "" : info.strip();
        Map<String, Object> attributes = language.isEmpty() ? Map.of() : Map.of("language", language);
        return Element.text(Element.CODE_BLOCK, attributes, Inline.of(text));
    }

    /** A list whose items are partly tasks becomes several lists, because an editor's list holds one kind. */
    private void lists(ListBlock list, int depth, List<Element> into) {
        List<Element> run = new ArrayList<>();
        int number = list instanceof OrderedList ordered ? start(ordered) : 1;
        int first = number;
        for (Node n = list.getFirstChild(); n != null; n = n.getNext()) {
            Element item = item((ListItem) n, list instanceof BulletList, depth);
            if (!run.isEmpty() && !run.get(0).name().equals(item.name())) {
                into.add(list(run, list, first));
                run.clear();
                first = number;
            }
            run.add(item);
            number++;
        }
        into.add(list(run, list, first));
    }

    private static int start(OrderedList list) {
        Integer start = list.getMarkerStartNumber();
        return start == null ? 1 : start;
    }

    private static Element list(List<Element> items, ListBlock list, int start) {
        if (!items.isEmpty() && items.get(0).is(Element.TASK_ITEM)) {
            return Element.node(Element.TASK_LIST, Map.of(), items);
        }
        return list instanceof OrderedList
                ? Element.node(Element.ORDERED_LIST, Map.of("start", (long) start), items)
                : Element.node(Element.BULLET_LIST, Map.of(), items);
    }

    private Element item(ListItem item, boolean mayBeTask, int depth) {
        List<Element> blocks = blocks(item, depth);
        String box = mayBeTask ? box(item) : "";
        if (box.isEmpty()) {
            return Element.node(Element.LIST_ITEM, Map.of(), blocks);
        }
        Inline text = blocks.get(0).content();
        blocks.set(0, Element.paragraph(text.slice(Math.min(box.length(), text.length()), text.length())));
        return Element.node(Element.TASK_ITEM, Map.of("checked", !box.startsWith("[ ]")), blocks);
    }

    /** The box of a task and the blanks behind it, or nothing: the source still tells an escaped bracket from a box. */
    private String box(ListItem item) {
        if (!(item.getFirstChild() instanceof Paragraph paragraph)
                || paragraph.getSourceSpans().isEmpty()) {
            return "";
        }
        SourceSpan line = paragraph.getSourceSpans().get(0);
        int start = line.getInputIndex();
        var box = TASK.matcher(source.substring(start, start + line.getLength()));
        return box.find() ? box.group() : "";
    }

    private Element table(Node table) {
        List<Element> rows = new ArrayList<>();
        for (Node part = table.getFirstChild(); part != null; part = part.getNext()) {
            if (part instanceof TableHead || part instanceof TableBody) {
                for (Node row = part.getFirstChild(); row != null; row = row.getNext()) {
                    rows.add(row((TableRow) row));
                }
            }
        }
        return Element.node(Element.TABLE, Map.of(), rows);
    }

    private Element row(TableRow row) {
        List<Element> cells = new ArrayList<>();
        for (Node n = row.getFirstChild(); n != null; n = n.getNext()) {
            Bounds.checkNodes(++nodes);
            cells.add(cell((TableCell) n));
        }
        return Element.node(Element.ROW, Map.of(), cells);
    }

    private static Element cell(TableCell cell) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put("colspan", 1L);
        attributes.put("rowspan", 1L);
        if (cell.getAlignment() != null) {
            attributes.put("align", cell.getAlignment().name().toLowerCase(java.util.Locale.ROOT));
        }
        Element text = Element.paragraph(MarkdownInlineParser.parse(cell));
        return Element.node(
                cell.isHeader() ? Element.HEADER_CELL : Element.CELL, Values.map(attributes), List.of(text));
    }
}
