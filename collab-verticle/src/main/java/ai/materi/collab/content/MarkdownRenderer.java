package ai.materi.collab.content;

import ai.materi.collab.content.MarkdownInline.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes blocks as GFM. Depth is bounded by the tree's. */
final class MarkdownRenderer {
    private static final String DASH = "-";
    private static final String STAR = "*";
    /** Blanks alone on a line do not survive inside of a container. */
    private static final Pattern BLANK = Pattern.compile("[ \\t]*");

    /** The whole document, with a newline at its end when there is anything. */
    String document(List<Element> blocks) {
        String text = blocks(Shown.blocks(blocks, false), "", false);
        return text.isEmpty() ? "" : text + "\n";
    }

    /** One block, list item, row or cell as if it stood alone. */
    String part(Element part) {
        return switch (part.name()) {
            case Element.LIST_ITEM -> blocks(Shown.inside(part, false), "", true);
            case Element.TASK_ITEM ->
                (Shown.isChecked(part) ? "[x] " : "[ ] ") + blocks(Shown.inside(part, false), "", true);
            case Element.ROW -> row(part);
            case Element.CELL, Element.HEADER_CELL -> cell(part) + rule(Shown.alignment(part));
            default -> blocks(List.of(part), "", false);
        };
    }

    /**
     * Blocks with blank lines between. Neighbouring lists take turns with their markers, or they would be read as one;
     * so does a list that starts an item, because markers alone would be read as a thematic break.
     */
    private String blocks(List<Element> blocks, String markerOfItem, boolean tight) {
        StringBuilder out = new StringBuilder();
        String marker = markerOfItem;
        Element before = null;
        for (Element block : blocks) {
            boolean neighbours =
                    before == null ? !markerOfItem.isEmpty() : before.isList() && sameFamily(before, block);
            marker = block.isList() ? marker(block, neighbours ? marker : "") : marker;
            String text = block(block, marker, before == null && !markerOfItem.isEmpty());
            if (before != null) {
                out.append(tight && interrupts(before, block, text) ? "\n" : "\n\n");
            }
            out.append(text);
            before = block;
        }
        return out.toString();
    }

    private static boolean sameFamily(Element a, Element b) {
        return a.is(Element.ORDERED_LIST) == b.is(Element.ORDERED_LIST);
    }

    private static String marker(Element list, String before) {
        if (list.is(Element.ORDERED_LIST)) {
            return before.equals(".") ? ")" : ".";
        }
        return before.equals(DASH) ? STAR : DASH;
    }

    /** Whether a list may follow a paragraph without a blank line and still be read as a list. */
    private static boolean interrupts(Element before, Element list, String text) {
        return before.is(Element.PARAGRAPH)
                && list.isList()
                && text.matches("(?s)(?:[-*]|1[.)]) (?!\\s|$).*")
                && !text.matches("(?s)(?:[-*]|1[.)]) *\n.*");
    }

    private String block(Element block, String marker, boolean startsItem) {
        Inline inline = block.content();
        return switch (block.name()) {
            case Element.HEADING -> heading(block, inline);
            case Element.CODE_BLOCK -> code(block);
            case Element.BLOCKQUOTE ->
                indented(blocks(Shown.blocks(block.children(), false), "", false), "> ", "> ", ">");
            case Element.BULLET_LIST, Element.ORDERED_LIST, Element.TASK_LIST -> list(block, marker);
            case Element.RULE -> startsItem ? "___" : "---";
            case Element.IMAGE -> MarkdownInline.image(block, Place.PARAGRAPH);
            case Element.TABLE -> table(block);
            default -> MarkdownInline.render(inline, Place.PARAGRAPH);
        };
    }

    private static String heading(Element heading, Inline inline) {
        String text = MarkdownInline.render(inline, Place.HEADING);
        return ("#".repeat(Shown.level(heading)) + " " + text).stripTrailing();
    }

    private static String code(Element block) {
        String language = Shown.language(block).strip().replaceAll("\\s+", " ");
        char c = language.indexOf('`') >= 0 ? '~' : '`';
        String text = block.content().text().replace("\r", "\n");
        String fence = String.valueOf(c).repeat(Math.max(3, MarkdownInline.longestRun(text, c) + 1));
        text = BLANK.matcher(text).matches() ? "" : text;
        String info = language.replaceAll("([\\\\&])", "\\\\$1");
        return fence + info + "\n" + (text.isEmpty() ? "" : text + "\n") + fence;
    }

    private String list(Element list, String marker) {
        List<String> items = new ArrayList<>();
        boolean tight = true;
        int number = Shown.start(list);
        for (Element item : list.children()) {
            List<Element> blocks = Shown.inside(item, false);
            tight &= isSimple(blocks);
            String sign = list.is(Element.ORDERED_LIST) ? number + marker : marker;
            items.add(item(list, item, blocks, sign, marker));
            number++;
        }
        return String.join(tight ? "\n" : "\n\n", items);
    }

    /** One paragraph at most, then nothing but lists. */
    private static boolean isSimple(List<Element> blocks) {
        return blocks.stream().skip(1).allMatch(Element::isList)
                && blocks.stream().limit(1).allMatch(b -> b.isList() || (b.isText() && !b.is(Element.CODE_BLOCK)));
    }

    private String item(Element list, Element item, List<Element> blocks, String sign, String marker) {
        boolean task = list.is(Element.TASK_LIST);
        boolean text = !blocks.isEmpty() && isPlainText(blocks.get(0));
        String body = blocks(blocks, task ? "" : marker, true);
        if (task) {
            String box = Shown.isChecked(item) ? "[x]" : "[ ]";
            body = text ? box + " " + body : blocks.isEmpty() ? box : box + "\n\n" + body;
        }
        String first = body.isEmpty() ? sign : sign + " ";
        return indented(body, first, " ".repeat(sign.length() + 1), "");
    }

    private static boolean isPlainText(Element block) {
        return block.isText() && !block.is(Element.HEADING) && !block.is(Element.CODE_BLOCK);
    }

    private static String indented(String text, String first, String rest, String empty) {
        StringBuilder out = new StringBuilder();
        String prefix = first;
        for (String written : text.split("\n", -1)) {
            String line = BLANK.matcher(written).matches() ? "" : written;
            out.append(line.isEmpty() && out.isEmpty() ? first.stripTrailing() : line.isEmpty() ? empty : prefix);
            out.append(line).append('\n');
            prefix = rest;
        }
        return out.substring(0, out.length() - 1);
    }

    private String table(Element table) {
        int columns = Shown.columns(table);
        StringBuilder out = new StringBuilder();
        Element head = table.children().get(0);
        row(head, columns, out);
        out.append('\n');
        rule(head, columns, out);
        for (Element row : table.children().subList(1, table.children().size())) {
            out.append('\n');
            row(row, columns, out);
        }
        return out.toString();
    }

    private static String row(Element row) {
        StringBuilder out = new StringBuilder();
        row(row, row.children().size(), out);
        rule(row, row.children().size(), out);
        return out.toString();
    }

    private static void row(Element row, int columns, StringBuilder out) {
        out.append('|');
        for (int i = 0; i < columns; i++) {
            String text = i < row.children().size() ? cell(row.children().get(i)) : "";
            out.append(' ').append(text).append(text.isEmpty() ? "|" : " |");
        }
    }

    private static void rule(Element row, int columns, StringBuilder out) {
        out.append('|');
        for (int i = 0; i < columns; i++) {
            out.append(
                    i < row.children().size()
                            ? rule(Shown.alignment(row.children().get(i)))
                            : " --- |");
        }
    }

    private static String rule(@Nullable String alignment) {
        if (alignment == null) {
            return " --- |";
        }
        return switch (alignment) {
            case "left" -> " :-- |";
            case "right" -> " --: |";
            default -> " :-: |";
        };
    }

    /** The blocks of a cell on one line, which is all that GFM has for them. */
    private static String cell(Element cell) {
        List<String> lines = new ArrayList<>();
        cellLines(Shown.inside(cell, false), lines);
        return String.join("<br>", lines);
    }

    private static void cellLines(List<Element> blocks, List<String> into) {
        for (Element block : blocks) {
            if (block.is(Element.IMAGE)) {
                into.add(MarkdownInline.image(block, Place.CELL));
            } else if (block.is(Element.CODE_BLOCK)) {
                Inline code = new Inline.Builder()
                        .text(block.content().text(), Marks.NONE.with(Marks.CODE, Values.map(java.util.Map.of())))
                        .build();
                into.add(MarkdownInline.render(code, Place.CELL));
            } else if (block.isText()) {
                into.add(MarkdownInline.render(block.content(), Place.CELL));
            } else {
                block.children().forEach(child -> cellLines(Shown.inside(child, false), into));
            }
        }
    }
}
