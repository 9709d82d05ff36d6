package ai.materi.collab.content;

import java.util.List;
import java.util.Map;

/** Content that goes into the text of a block. */
final class InlineContent {
    private InlineContent() {}

    /** Reads content as inline content of a block; in code it is text as it stands. */
    static Inline read(Rendering rendering, Element block, String content) {
        String text = Bounds.clean(Bounds.wellFormed(content));
        boolean plain = rendering.format() == Format.TEXT || rendering.format() == Format.MARKDOWN;
        if (block.is(Element.CODE_BLOCK)) {
            return Inline.of(plain ? text : plainText(rendering.parse(text)));
        }
        return switch (rendering.format()) {
            case TEXT -> lines(text);
            case MARKDOWN -> withoutImages(MarkdownInlineParser.parseInline(text), rendering);
            case YJS -> throw Bounds.invalid("A Yjs update does not go into text.");
            default -> withoutImages(joined(rendering.parse(text)), rendering);
        };
    }

    private static String plainText(List<Element> blocks) {
        return String.join("\n", blocks.stream().map(Element::plainText).toList());
    }

    private static Inline lines(String text) {
        Inline.Builder out = new Inline.Builder();
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            if (i > 0) {
                out.object(Element.hardBreak());
            }
            out.text(lines[i], Marks.NONE);
        }
        return out.build();
    }

    private static Inline joined(List<Element> blocks) {
        Inline.Builder out = new Inline.Builder();
        boolean first = true;
        for (Element block : TextFormat.blocks(blocks)) {
            if (!first) {
                out.object(Element.hardBreak());
            }
            out.add(block.content());
            first = false;
        }
        return out.build();
    }

    /** Where the document keeps images among blocks, one in text becomes a link to it. */
    private static Inline withoutImages(Inline inline, Rendering rendering) {
        if (rendering.imagesInText() || !inline.hasObject(Element.IMAGE)) {
            return inline;
        }
        Inline.Builder out = new Inline.Builder();
        for (Inline.Span span : inline.spans()) {
            Element object = span.object();
            if (object == null || !object.is(Element.IMAGE)) {
                out.add(span);
                continue;
            }
            String src = Values.text(object.attribute("src"));
            String alt = Values.text(object.attribute("alt"));
            out.text(alt.isEmpty() ? src : alt, Marks.NONE.with(Marks.LINK, Fit.link(src, "")));
        }
        return out.build();
    }

    /** Content without marks of its own takes those that hold all over the text that it replaces, or on both its sides. */
    static Inline dressed(Inline fresh, Inline present, int from, int to) {
        boolean plain = fresh.spans().stream().allMatch(s -> s.marks().isEmpty());
        int left = from < to ? from : from - 1;
        int right = from < to ? to : to + 1;
        if (!plain || left < 0 || right > present.length()) {
            return fresh;
        }
        Map<String, Object> common =
                new java.util.TreeMap<>(present.marksAt(left).values());
        for (Inline.Span span : present.slice(left, right).spans()) {
            common.entrySet()
                    .removeIf(e -> span.object() != null
                            || !Values.same(span.marks().values().get(e.getKey()), e.getValue()));
        }
        Inline.Builder out = new Inline.Builder();
        fresh.spans().forEach(s -> out.add(s.object() == null ? s.withMarks(Marks.of(common)) : s));
        return out.build();
    }
}
