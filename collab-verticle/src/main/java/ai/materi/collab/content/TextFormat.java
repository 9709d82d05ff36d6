package ai.materi.collab.content;

import java.util.ArrayList;
import java.util.List;

/** Plain text: the text blocks, one after the other, each on its line or lines. */
final class TextFormat {
    private TextFormat() {}

    static String document(List<Element> blocks) {
        StringBuilder out = new StringBuilder();
        for (Element block : blocks(blocks)) {
            out.append(part(block)).append('\n');
        }
        return out.toString();
    }

    static String part(Element block) {
        StringBuilder out = new StringBuilder();
        for (Inline.Span span : block.content().spans()) {
            Element object = span.object();
            out.append(object == null || object.is(Element.HARD_BREAK) ? span.text() : Shown.label(object));
        }
        return out.toString();
    }

    /** All text blocks below, whatever is around them. */
    static List<Element> blocks(List<Element> children) {
        List<Element> blocks = new ArrayList<>();
        collect(children, blocks);
        return blocks;
    }

    private static void collect(List<Element> children, List<Element> into) {
        for (Element child : children) {
            if (child.isText()) {
                into.add(child);
            } else {
                collect(child.children(), into);
            }
        }
    }

    static List<Element> parse(String text) {
        List<Element> lines = new ArrayList<>();
        String body = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        if (!text.isEmpty()) {
            for (String line : body.split("\n", -1)) {
                Bounds.checkNodes(lines.size());
                lines.add(Element.paragraph(Inline.of(line)));
            }
        }
        return lines;
    }

    /**
     * Joins lines into the blocks that they come from: a live block of several lines (code, or hard breaks) takes the
     * lines from its first to its last one that is still there.
     */
    static List<Element> grouped(List<Element> lines, List<Element> live) {
        if (live.stream().noneMatch(block -> part(block).indexOf('\n') >= 0)) {
            return lines;
        }
        List<String> liveLines = new ArrayList<>();
        List<Integer> owners = new ArrayList<>();
        for (int i = 0; i < live.size(); i++) {
            for (String line : part(live.get(i)).split("\n", -1)) {
                liveLines.add(line);
                owners.add(i);
            }
        }
        List<Element> from = liveLines.stream()
                .map(line -> Element.paragraph(Inline.of(line)))
                .toList();
        int[] matches = Pairing.of(
                from, liveLines, lines, lines.stream().map(TextFormat::part).toList());
        int[] firsts = new int[live.size()];
        int[] lasts = new int[live.size()];
        java.util.Arrays.fill(firsts, -1);
        for (int i = 0; i < matches.length; i++) {
            int owner = owners.get(i);
            if (matches[i] >= 0) {
                firsts[owner] = firsts[owner] < 0 ? matches[i] : firsts[owner];
                lasts[owner] = matches[i];
            }
        }
        return joined(lines, firsts, lasts);
    }

    private static List<Element> joined(List<Element> lines, int[] firsts, int[] lasts) {
        int[] until = new int[lines.size()];
        for (int owner = 0; owner < firsts.length; owner++) {
            if (firsts[owner] >= 0) {
                until[firsts[owner]] = lasts[owner] + 1;
            }
        }
        List<Element> blocks = new ArrayList<>();
        for (int i = 0; i < lines.size(); ) {
            int end = Math.max(i + 1, until[i]);
            List<String> texts =
                    lines.subList(i, end).stream().map(TextFormat::part).toList();
            blocks.add(Element.paragraph(Inline.of(String.join("\n", texts))));
            i = end;
        }
        return blocks;
    }
}
