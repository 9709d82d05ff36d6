package ai.materi.collab.content;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;

/**
 * Reads HTML by an allow-list: what maps to a node or a mark of the document is kept, other wrappers are passed through,
 * and whatever could run or load something is dropped with its content.
 */
final class HtmlParser {
    private static final Set<String> DROPPED = Set.of(
            "script",
            "style",
            "head",
            "title",
            "template",
            "iframe",
            "object",
            "embed",
            "svg",
            "math",
            "button",
            "select",
            "textarea",
            "noscript",
            "audio",
            "video",
            "canvas",
            "applet",
            "frame",
            "frameset",
            "noframes",
            "noembed",
            "link",
            "meta",
            "base",
            "input",
            "datalist",
            "dialog",
            "param",
            "source",
            "track",
            "colgroup",
            "xmp",
            "plaintext");
    private static final Set<String> WRAPPERS = Set.of(
            "div",
            "section",
            "article",
            "main",
            "header",
            "footer",
            "aside",
            "nav",
            "body",
            "html",
            "center",
            "figure",
            "figcaption",
            "details",
            "summary",
            "dl",
            "dt",
            "dd",
            "address",
            "fieldset",
            "legend",
            "form",
            "hgroup",
            "search",
            "caption",
            "thead",
            "tbody",
            "tfoot",
            "tr",
            "td",
            "th",
            "menu",
            "dir");

    private int nodes;

    private HtmlParser() {}

    static List<Element> parse(String html) {
        return parseFragment(html, 0);
    }

    /** Reads HTML that stands at a depth of other content. */
    static List<Element> parseFragment(String html, int depth) {
        return new HtmlParser().blocks(Jsoup.parseBodyFragment(html).body().childNodes(), depth);
    }

    private List<Element> blocks(List<Node> children, int depth) {
        List<Element> blocks = new ArrayList<>();
        HtmlInline line = new HtmlInline();
        walk(children, depth, blocks, line);
        line.endParagraph(blocks);
        return blocks;
    }

    private void walk(List<Node> children, int depth, List<Element> into, HtmlInline line) {
        Bounds.checkDepth(depth);
        for (Node node : children) {
            Bounds.checkNodes(++nodes);
            if (node instanceof TextNode text) {
                line.text(text.getWholeText());
            } else if (node instanceof org.jsoup.nodes.Element element && !DROPPED.contains(element.normalName())) {
                element(element, depth, into, line);
            }
        }
    }

    private void element(org.jsoup.nodes.Element element, int depth, List<Element> into, HtmlInline line) {
        List<Element> found = new ArrayList<>();
        if (block(element, depth, found)) {
            line.endParagraph(into);
            into.addAll(found);
        } else if (WRAPPERS.contains(element.normalName())) {
            line.endParagraph(into);
            walk(element.childNodes(), depth + 1, into, line);
            line.endParagraph(into);
        } else {
            boolean inside = line.open(element);
            walk(element.childNodes(), depth + 1, into, line);
            line.close(inside);
        }
    }

    private boolean block(org.jsoup.nodes.Element element, int depth, List<Element> into) {
        switch (element.normalName()) {
            case "p" -> texts(Element.PARAGRAPH, Map.of(), element, depth, into);
            case "h1", "h2", "h3", "h4", "h5", "h6" ->
                texts(
                        Element.HEADING,
                        Map.of("level", (long) (element.normalName().charAt(1) - '0')),
                        element,
                        depth,
                        into);
            case "blockquote" ->
                into.add(Element.node(Element.BLOCKQUOTE, Map.of(), blocks(element.childNodes(), depth + 1)));
            case "pre" -> into.add(code(element));
            case "hr" -> into.add(Element.node(Element.RULE, Map.of(), List.of()));
            case "ul", "ol" -> lists(element, depth, into);
            case "li" -> into.addAll(blocks(element.childNodes(), depth + 1));
            case "table" -> table(element, depth, into);
            default -> {
                return false;
            }
        }
        return true;
    }

    /** A paragraph or heading; should blocks stand in it, they follow it. */
    private void texts(
            String name,
            Map<String, Object> attributes,
            org.jsoup.nodes.Element element,
            int depth,
            List<Element> into) {
        HtmlInline line = new HtmlInline();
        List<Element> inner = new ArrayList<>();
        walk(element.childNodes(), depth + 1, inner, line);
        into.add(Element.text(name, attributes, line.end()));
        into.addAll(inner);
    }

    private static Element code(org.jsoup.nodes.Element pre) {
        org.jsoup.nodes.Element code = pre.selectFirst("code");
        String language = code == null ? "" : language(code.classNames());
        Map<String, Object> attributes = language.isEmpty() ? Map.of() : Map.of("language", language);
        return Element.text(Element.CODE_BLOCK, attributes, Inline.of(pre.wholeText()));
    }

    private static String language(Set<String> classes) {
        return classes.stream()
                .filter(c -> c.startsWith("language-"))
                .map(c -> c.substring("language-".length()))
                .findFirst()
                .orElse("");
    }

    /** One list, or several where tasks and other items are mixed. */
    private void lists(org.jsoup.nodes.Element list, int depth, List<Element> into) {
        boolean ordered = list.normalName().equals("ol");
        boolean tasks = list.attr("data-type").equals("taskList");
        List<Element> run = new ArrayList<>();
        int number = ordered ? Values.number(list.attr("start"), 1) : 1;
        int first = number;
        for (Element item : items(list, tasks, ordered, depth)) {
            if (!run.isEmpty() && !run.get(0).name().equals(item.name())) {
                into.add(list(run, ordered, first));
                run.clear();
                first = number;
            }
            run.add(item);
            number++;
        }
        if (!run.isEmpty()) {
            into.add(list(run, ordered, first));
        }
    }

    private static Element list(List<Element> items, boolean ordered, int start) {
        if (items.get(0).is(Element.TASK_ITEM)) {
            return Element.node(Element.TASK_LIST, Map.of(), items);
        }
        return ordered
                ? Element.node(Element.ORDERED_LIST, Map.of("start", (long) start), items)
                : Element.node(Element.BULLET_LIST, Map.of(), items);
    }

    /** The items; what stands in a list without being one belongs to the item before it, or is one of its own. */
    private List<Element> items(org.jsoup.nodes.Element list, boolean tasks, boolean ordered, int depth) {
        List<Element> items = new ArrayList<>();
        for (Node node : list.childNodes()) {
            Bounds.checkNodes(++nodes);
            boolean item =
                    node instanceof org.jsoup.nodes.Element e && e.normalName().equals("li");
            if (item && node instanceof org.jsoup.nodes.Element e) {
                items.add(item(e, tasks, ordered, blocks(e.childNodes(), depth + 2)));
                continue;
            }
            List<Element> loose = blocks(List.of(node), depth + 1);
            if (!loose.isEmpty() && items.isEmpty()) {
                items.add(Element.node(tasks ? Element.TASK_ITEM : Element.LIST_ITEM, Map.of(), loose));
            } else if (!loose.isEmpty()) {
                Element before = items.remove(items.size() - 1);
                List<Element> children = new ArrayList<>(before.children());
                children.addAll(loose);
                items.add(before.withChildren(children));
            }
        }
        return items;
    }

    private static Element item(org.jsoup.nodes.Element li, boolean tasks, boolean ordered, List<Element> blocks) {
        org.jsoup.nodes.Element box =
                li.selectFirst("> input[type=checkbox], > label > input[type=checkbox], > p > input[type=checkbox]");
        boolean task = tasks || li.hasAttr("data-checked") || (box != null && !ordered);
        if (!task) {
            return Element.node(Element.LIST_ITEM, Map.of(), blocks);
        }
        boolean checked = li.hasAttr("data-checked")
                ? li.attr("data-checked").equals("true")
                : box != null && box.hasAttr("checked");
        return Element.node(Element.TASK_ITEM, Map.of("checked", checked), blocks);
    }

    private void table(org.jsoup.nodes.Element table, int depth, List<Element> into) {
        List<Element> rows = new ArrayList<>();
        for (org.jsoup.nodes.Element part : table.children()) {
            switch (part.normalName()) {
                case "thead", "tbody", "tfoot" -> part.children().forEach(row -> row(row, depth + 2, rows));
                case "caption" -> into.addAll(blocks(part.childNodes(), depth + 1));
                default -> row(part, depth + 1, rows);
            }
        }
        if (!rows.isEmpty()) {
            into.add(Element.node(Element.TABLE, Map.of(), rows));
        }
    }

    private void row(org.jsoup.nodes.Element row, int depth, List<Element> into) {
        List<Element> cells = new ArrayList<>();
        for (org.jsoup.nodes.Element cell : row.children()) {
            if (cell.normalName().equals("td") || cell.normalName().equals("th")) {
                String name = cell.normalName().equals("th") ? Element.HEADER_CELL : Element.CELL;
                cells.add(Element.node(name, cellAttributes(cell), blocks(cell.childNodes(), depth + 2)));
            }
        }
        if (!cells.isEmpty()) {
            into.add(Element.node(Element.ROW, Map.of(), cells));
        }
    }

    private static Map<String, Object> cellAttributes(org.jsoup.nodes.Element cell) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put("colspan", span(cell.attr("colspan")));
        attributes.put("rowspan", span(cell.attr("rowspan")));
        for (String align : List.of("left", "center", "right")) {
            if (cell.attr("align").equalsIgnoreCase(align)
                    || cell.attr("style").matches("(?is).*text-align\\s*:\\s*" + align + "\\b.*")) {
                attributes.put("align", align);
            }
        }
        return Values.map(attributes);
    }

    private static long span(String value) {
        return Math.max(1, Math.min(1_000, Values.number(value, 1)));
    }
}
