package ai.materi.collab.content;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Random documents, as wild as TipTap's schema allows. */
final class RandomTrees {
    private static final List<String> WORDS = List.of(
            "word",
            "two",
            "Größe",
            "日本語",
            "😀",
            "a_b",
            "x*y",
            "[box]",
            "#tag",
            "1.",
            "2)",
            "-",
            "+",
            ">",
            "&amp;",
            "&",
            "<b>",
            "`tick`",
            "~~",
            "|",
            "||",
            "\\",
            "!",
            "![",
            "](",
            "_",
            "__init__",
            "*",
            "**",
            "***",
            "===",
            "---",
            "(",
            ")",
            "\"q\"",
            "'",
            ":",
            "http://x.org/a_b",
            "https://example.com",
            "www.example.com",
            "me@example.com",
            "&#35;",
            "<!--",
            "-->",
            "```",
            "{",
            "$",
            "^",
            "%",
            "@",
            "\u00A0",
            "…",
            "“x”",
            "e\u0301",
            "[ ]",
            "[x]",
            "a.b",
            "=",
            ":-");
    private final Random random;
    private final boolean extras;

    RandomTrees(long seed, boolean extras) {
        this.random = new Random(seed);
        this.extras = extras;
    }

    private boolean chance(double p) {
        return random.nextDouble() < p;
    }

    private int upTo(int n) {
        return random.nextInt(n + 1);
    }

    List<Element> document() {
        return blocks(upTo(6), 0);
    }

    List<Element> blocks(int count, int depth) {
        List<Element> blocks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            blocks.add(block(depth));
        }
        return blocks;
    }

    Element block(int depth) {
        int kind = random.nextInt(depth > 3 ? 6 : 12);
        return switch (kind) {
            case 0, 1, 2 -> Element.paragraph(inline(true));
            case 3 -> Element.text(Element.HEADING, Map.of("level", 1L + random.nextInt(6)), inline(true));
            case 4 -> code();
            case 5 -> chance(0.5) ? Element.node(Element.RULE, Map.of(), List.of()) : image();
            case 6 -> Element.node(Element.BLOCKQUOTE, Map.of(), blocks(1 + upTo(2), depth + 1));
            case 7, 8 -> Element.node(Element.BULLET_LIST, Map.of(), items(Element.LIST_ITEM, depth));
            case 9 ->
                Element.node(
                        Element.ORDERED_LIST,
                        Map.of("start", (long) (chance(0.5) ? 1 : upTo(120))),
                        items(Element.LIST_ITEM, depth));
            case 10 -> Element.node(Element.TASK_LIST, Map.of(), items(Element.TASK_ITEM, depth));
            default -> table();
        };
    }

    private List<Element> items(String name, int depth) {
        List<Element> items = new ArrayList<>();
        for (int i = 0; i <= upTo(3); i++) {
            List<Element> blocks = new ArrayList<>();
            blocks.add(Element.paragraph(chance(0.15) ? Inline.EMPTY : inline(true)));
            blocks.addAll(chance(0.4) ? blocks(upTo(2), depth + 1) : List.of());
            Map<String, Object> attributes = name.equals(Element.TASK_ITEM) ? Map.of("checked", chance(0.5)) : Map.of();
            items.add(Element.node(name, attributes, blocks));
        }
        return items;
    }

    private Element code() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < upTo(4); i++) {
            lines.add(chance(0.2) ? "" : chance(0.2) ? "```" : chance(0.1) ? "~~~~" : "  " + text(upTo(3)));
        }
        Map<String, Object> attributes = chance(0.5) ? Map.of() : Map.of("language", chance(0.8) ? "java" : "c`x");
        return Element.text(Element.CODE_BLOCK, attributes, Inline.of(String.join("\n", lines)));
    }

    private Element image() {
        return MarkdownInlineParser.image(
                chance(0.7) ? "https://x.org/i.png" : "/a b(c)/\\d_e*.png?x=1&amp;y",
                chance(0.5) ? text(2) : "",
                chance(0.3) ? text(2) : "");
    }

    private Element table() {
        int columns = 1 + upTo(3);
        List<Element> rows = new ArrayList<>();
        for (int r = 0; r <= upTo(3); r++) {
            List<Element> cells = new ArrayList<>();
            for (int c = 0; c < columns; c++) {
                String name = r == 0 ? Element.HEADER_CELL : Element.CELL;
                Inline inline = chance(0.2) ? Inline.EMPTY : inline(true);
                cells.add(Element.node(name, Map.of("colspan", 1L, "rowspan", 1L), List.of(Element.paragraph(inline))));
            }
            rows.add(Element.node(Element.ROW, Map.of(), cells));
        }
        return Element.node(Element.TABLE, Map.of(), rows);
    }

    Inline inline(boolean breaks) {
        Inline.Builder out = new Inline.Builder();
        for (int i = 0; i < upTo(6); i++) {
            if (breaks && chance(0.1)) {
                out.object(Element.hardBreak());
            } else {
                out.text(text(1 + upTo(2)), marks());
            }
        }
        return out.build();
    }

    private Marks marks() {
        Marks marks = Marks.NONE;
        for (String name : List.of(Marks.BOLD, Marks.ITALIC, Marks.STRIKE)) {
            marks = chance(0.25) ? marks.with(name, Map.of()) : marks;
        }
        marks = chance(0.1) ? marks.with(Marks.CODE, Map.of()) : marks;
        marks = extras && chance(0.2) ? marks.with("underline", Map.of()) : marks;
        if (chance(0.12)) {
            String href = List.of(
                            "https://example.com",
                            "/a_(b)",
                            "mailto:me@example.com",
                            "#x y",
                            "http://x.org/a_b?c=1&d=*")
                    .get(random.nextInt(5));
            marks = marks.with(Marks.LINK, Fit.link(href, chance(0.2) ? "t \"x\" \\" : ""));
        }
        return marks;
    }

    String text(int words) {
        StringBuilder out = new StringBuilder(chance(0.15) ? " " : "");
        for (int i = 0; i < words; i++) {
            out.append(WORDS.get(random.nextInt(WORDS.size())))
                    .append(chance(0.6) ? " " : "")
                    .append(chance(0.05) ? "  " : "");
        }
        return out.toString();
    }
}
