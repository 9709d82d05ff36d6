package ai.materi.collab.content;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes blocks as HTML that TipTap and browsers read; everything from the document is escaped. */
final class HtmlRenderer {
    private static final List<Map.Entry<String, String>> MARKS = List.of(
            Map.entry(Marks.BOLD, "strong"),
            Map.entry(Marks.ITALIC, "em"),
            Map.entry("underline", "u"),
            Map.entry(Marks.STRIKE, "s"),
            Map.entry("highlight", "mark"),
            Map.entry("subscript", "sub"),
            Map.entry("superscript", "sup"),
            Map.entry(Marks.CODE, "code"));

    private HtmlRenderer() {}

    static boolean knows(String mark) {
        return mark.equals(Marks.LINK)
                || MARKS.stream().anyMatch(m -> m.getKey().equals(mark));
    }

    static String document(List<Element> blocks) {
        StringBuilder out = new StringBuilder();
        Shown.blocks(blocks, true).forEach(block -> out.append(part(block)).append('\n'));
        return out.toString();
    }

    /** One block, list item, row or cell. */
    static String part(Element part) {
        return shell(part, "", content(part));
    }

    /**
     * The tags of a part around its content.
     *
     * @param attributes of the outermost tag beside its own, with a blank before each
     * @param content HTML; what holds none has no use for it
     */
    static String shell(Element part, String attributes, String content) {
        return switch (part.name()) {
            case Element.HEADING -> tag("h" + Shown.level(part), attributes, content);
            case Element.CODE_BLOCK -> tag("pre", attributes, tag("code", language(part), content));
            case Element.BLOCKQUOTE -> tag("blockquote", attributes, content);
            case Element.RULE -> "<hr" + attributes + ">";
            case Element.IMAGE -> image(part, attributes);
            case Element.BULLET_LIST -> tag("ul", attributes, content);
            case Element.ORDERED_LIST -> tag("ol", start(part) + attributes, content);
            case Element.TASK_LIST -> tag("ul", attribute("data-type", "taskList") + attributes, content);
            case Element.LIST_ITEM -> tag("li", attributes, content);
            case Element.TASK_ITEM -> task(part, attributes, content);
            case Element.TABLE -> tag("table", attributes, tag("tbody", "", content));
            case Element.ROW -> tag("tr", attributes, content);
            case Element.CELL -> tag("td", cell(part) + attributes, content);
            case Element.HEADER_CELL -> tag("th", cell(part) + attributes, content);
            default -> part.isText() ? tag("p", attributes, content) : content;
        };
    }

    /** Whether its tag is around blocks, so that text of its own is a paragraph in it. */
    static boolean holdsBlocks(Element part) {
        return switch (part.name()) {
            case Element.LIST_ITEM, Element.TASK_ITEM, Element.CELL, Element.HEADER_CELL -> true;
            default -> false;
        };
    }

    private static String content(Element part) {
        return switch (part.name()) {
            case Element.HEADING -> inline(part.content());
            case Element.CODE_BLOCK -> escaped(part.content().text());
            case Element.BLOCKQUOTE -> parts(Shown.blocks(part.children(), true));
            case Element.RULE, Element.IMAGE -> "";
            case Element.BULLET_LIST, Element.ORDERED_LIST, Element.TASK_LIST, Element.TABLE, Element.ROW ->
                parts(part.children());
            default -> part.isText() && !holdsBlocks(part) ? inline(part.content()) : inside(part);
        };
    }

    private static String parts(List<Element> parts) {
        StringBuilder out = new StringBuilder();
        parts.forEach(part -> out.append(part(part)));
        return out.toString();
    }

    private static String inside(Element container) {
        return parts(Shown.inside(container, true));
    }

    private static String tag(String name, String attributes, String content) {
        return "<" + name + attributes + ">" + content + "</" + name + ">";
    }

    static String attribute(String name, String value) {
        return " " + name + "=\"" + escaped(value) + "\"";
    }

    private static String start(Element list) {
        int start = Shown.start(list);
        return start == 1 ? "" : attribute("start", Integer.toString(start));
    }

    private static String task(Element item, String more, String content) {
        boolean checked = Shown.isChecked(item);
        String attributes = attribute("data-type", "taskItem") + attribute("data-checked", Boolean.toString(checked));
        String box = "<input type=\"checkbox\" disabled" + (checked ? " checked>" : ">");
        return tag("li", attributes + more, box + content);
    }

    private static String language(Element code) {
        String language = Shown.language(code);
        return language.isEmpty() ? "" : attribute("class", "language-" + language);
    }

    private static String cell(Element cell) {
        StringBuilder out = new StringBuilder();
        for (String span : List.of("colspan", "rowspan")) {
            int value = Values.number(cell.attribute(span), 1);
            out.append(value > 1 ? attribute(span, Integer.toString(value)) : "");
        }
        String alignment = Shown.alignment(cell);
        return out.append(alignment == null ? "" : attribute("style", "text-align: " + alignment))
                .toString();
    }

    private static String image(Element image, String more) {
        String src = Values.text(image.attribute("src"));
        StringBuilder out = new StringBuilder("<img").append(attribute("src", Urls.safeImage(src) ? src : ""));
        for (String key : List.of("alt", "title")) {
            String value = Values.text(image.attribute(key));
            out.append(value.isEmpty() ? "" : attribute(key, value));
        }
        return out.append(more).append('>').toString();
    }

    private static String inline(Inline inline) {
        return inline(inline, losesBlanks(inline));
    }

    /** @param keep all white space, as in a text that {@link #losesBlanks} */
    static String inline(Inline inline, boolean keep) {
        StringBuilder out = new StringBuilder();
        List<String> open = new ArrayList<>();
        for (Inline.Span span : inline.spans()) {
            List<String> tags = span.object() == null ? tags(span.marks()) : List.of();
            switchTags(open, tags, out);
            out.append(span.object() == null ? text(span.text(), keep) : object(span.object()));
        }
        switchTags(open, List.of(), out);
        return out.toString();
    }

    private static String text(String text, boolean keep) {
        return keep ? tag("span", attribute("style", "white-space: pre-wrap"), escaped(text)) : escaped(text);
    }

    private static String object(@Nullable Element object) {
        if (object == null) {
            return "";
        }
        return switch (object.name()) {
            case Element.HARD_BREAK -> "<br>";
            case Element.IMAGE -> image(object, "");
            default -> escaped(Shown.label(object));
        };
    }

    /** Whether a browser would show other white space than the text has. */
    static boolean losesBlanks(Inline inline) {
        boolean edge = true;
        boolean blankBefore = false;
        for (Inline.Span span : inline.spans()) {
            if (span.object() != null) {
                edge = span.object().is(Element.HARD_BREAK);
                if (edge && blankBefore) {
                    return true;
                }
                blankBefore = false;
                continue;
            }
            for (char c : span.text().toCharArray()) {
                boolean blank = HtmlInline.isBlank(c);
                if (blank && (edge || blankBefore || c != ' ')) {
                    return true;
                }
                blankBefore = blank;
                edge = false;
            }
        }
        return blankBefore;
    }

    private static List<String> tags(Marks marks) {
        List<String> tags = new ArrayList<>();
        String href = marks.href();
        if (!href.isEmpty() && Urls.safeLink(href)) {
            String title = marks.value(Marks.LINK) instanceof Map<?, ?> link ? Values.text(link.get("title")) : "";
            tags.add("a" + attribute("href", href) + (title.isEmpty() ? "" : attribute("title", title)));
        }
        MARKS.stream().filter(m -> marks.has(m.getKey())).forEach(m -> tags.add(m.getValue()));
        return tags;
    }

    private static void switchTags(List<String> open, List<String> tags, StringBuilder out) {
        int same = 0;
        while (same < open.size() && same < tags.size() && open.get(same).equals(tags.get(same))) {
            same++;
        }
        while (open.size() > same) {
            out.append("</")
                    .append(open.remove(open.size() - 1).split(" ", 2)[0])
                    .append('>');
        }
        for (String tag : tags.subList(same, tags.size())) {
            open.add(tag);
            out.append('<').append(tag).append('>');
        }
    }

    static String escaped(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\r' -> out.append("&#13;");
                case '\0' -> out.append('\uFFFD');
                default -> out.append(c);
            }
        }
        return out.toString();
    }
}
