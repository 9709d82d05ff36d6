package ai.materi.collab.content;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Brings what a parser read into the shape that TipTap's schema asks for; y-prosemirror deletes from the live document
 * what its schema refuses. An item, a quote and a cell start with, or hold, a paragraph; an image stands among blocks
 * unless the document is known to hold images in its text.
 */
record Fit(boolean imagesInText) {
    List<Element> blocks(List<Element> blocks) {
        List<Element> fitted = new ArrayList<>(blocks.size());
        for (Element block : blocks) {
            if (block.isText()) {
                text(block, fitted);
            } else {
                fitted.add(container(block));
            }
        }
        return fitted;
    }

    private Element container(Element block) {
        return switch (block.name()) {
            case Element.LIST_ITEM, Element.TASK_ITEM -> block.withChildren(startingWithText(blocks(block.children())));
            case Element.BLOCKQUOTE, Element.CELL, Element.HEADER_CELL ->
                block.withChildren(notEmpty(blocks(block.children())));
            default -> block.withChildren(blocks(block.children()));
        };
    }

    private static List<Element> startingWithText(List<Element> blocks) {
        if (!blocks.isEmpty() && blocks.get(0).is(Element.PARAGRAPH)) {
            return blocks;
        }
        List<Element> result = new ArrayList<>();
        result.add(Element.paragraph(Inline.EMPTY));
        result.addAll(blocks);
        return result;
    }

    private static List<Element> notEmpty(List<Element> blocks) {
        return blocks.isEmpty() ? List.of(Element.paragraph(Inline.EMPTY)) : blocks;
    }

    private void text(Element block, List<Element> into) {
        if (imagesInText || !block.content().hasObject(Element.IMAGE)) {
            into.add(block);
            return;
        }
        Inline.Builder line = new Inline.Builder();
        int before = into.size();
        for (Inline.Span span : block.content().spans()) {
            Element object = span.object();
            if (object == null || !object.is(Element.IMAGE)) {
                line.add(span);
                continue;
            }
            addLine(block, line, into);
            into.add(object);
            line = new Inline.Builder();
        }
        addLine(block, line, into);
        keepHeading(block, into, before);
    }

    private static void addLine(Element block, Inline.Builder line, List<Element> into) {
        Inline inline = line.build();
        if (!inline.text().isBlank()) {
            into.add(Element.text(block.name(), block.attributes(), trimmed(inline)));
        }
    }

    private static Inline trimmed(Inline inline) {
        int from = 0;
        int to = inline.length();
        while (from < to && Character.isWhitespace(inline.text().charAt(from))) {
            from++;
        }
        while (to > from && Character.isWhitespace(inline.text().charAt(to - 1))) {
            to--;
        }
        return inline.slice(from, to);
    }

    private static void keepHeading(Element block, List<Element> into, int from) {
        boolean gone = into.subList(from, into.size()).stream().noneMatch(Element::isText);
        if (gone && block.is(Element.HEADING)) {
            into.add(from, Element.text(block.name(), block.attributes(), Inline.EMPTY));
        }
    }

    /** The attributes that TipTap gives a link, so that an editor which opens it has nothing to add. */
    static Map<String, Object> link(String href, String title) {
        Map<String, Object> link = new java.util.LinkedHashMap<>();
        link.put("href", href);
        link.put("target", "_blank");
        link.put("rel", "noopener noreferrer nofollow");
        link.put("class", null);
        if (!title.isEmpty()) {
            link.put("title", title);
        }
        return Values.map(link);
    }
}
