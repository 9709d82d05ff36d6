package ai.materi.collab.content;

import ai.materi.collab.content.Compared.Change;
import ai.materi.collab.content.Compared.Run;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Two states of a document as one piece of HTML: what came is in {@code ins}, what went in {@code del}, with who did it in
 * {@code data-author} and {@code data-via} and when in {@code datetime}. Everything else is as {@link HtmlRenderer} writes it.
 */
final class ComparedHtml {
    private final Map<UUID, String> names;

    private ComparedHtml(Map<UUID, String> names) {
        this.names = names;
    }

    /** @param names of those who are known by one */
    static String document(List<Compared> blocks, Map<UUID, String> names) {
        ComparedHtml html = new ComparedHtml(names);
        StringBuilder out = new StringBuilder();
        for (Compared block : blocks) {
            out.append(html.block(block)).append('\n');
        }
        return out.toString();
    }

    private String block(Compared block) {
        String shell = block.change() == Change.KEPT ? "" : attribute("class", name(block.change()));
        Element element = block.element();
        if (element.isText()) {
            String text = text(block);
            boolean inItem = HtmlRenderer.holdsBlocks(element);
            return HtmlRenderer.shell(element, shell, inItem ? "<p>" + text + "</p>" : text);
        }
        if (element.isLeaf()) {
            return marked(block.change(), block.by(), HtmlRenderer.shell(element, shell, ""));
        }
        StringBuilder inside = new StringBuilder();
        block.children().forEach(child -> inside.append(block(child)));
        return HtmlRenderer.shell(element, shell, inside.toString());
    }

    private String text(Compared block) {
        boolean code = block.element().is(Element.CODE_BLOCK);
        Inline.Builder all = new Inline.Builder();
        block.runs().forEach(run -> all.add(run.inline()));
        boolean keep = HtmlRenderer.losesBlanks(all.build());
        StringBuilder out = new StringBuilder();
        for (Run run : block.runs()) {
            String text = code ? HtmlRenderer.escaped(run.inline().text()) : HtmlRenderer.inline(run.inline(), keep);
            out.append(run(run, text));
        }
        return out.toString();
    }

    private String run(Run run, String text) {
        return switch (run.step()) {
            case EQUAL -> text;
            case INSERTED -> marked(Change.INSERTED, run.by(), text);
            case DELETED -> marked(Change.DELETED, run.by(), text);
            case FORMATTED ->
                "<span" + attribute("class", "materi-formatted")
                        + list("data-added", run.marks().added())
                        + list("data-removed", run.marks().removed())
                        + list("data-changed", run.marks().changed()) + ">" + text + "</span>";
        };
    }

    private String marked(Change change, @Nullable Written by, String content) {
        String tag = switch (change) {
            case INSERTED -> "ins";
            case DELETED -> "del";
            default -> "";
        };
        return tag.isEmpty() || content.isEmpty()
                ? content
                : "<" + tag + attribute("class", name(change)) + by(by) + ">" + content + "</" + tag + ">";
    }

    private String by(@Nullable Written by) {
        if (by == null) {
            return "";
        }
        String name = names.get(by.author());
        UUID via = by.via();
        return attribute("data-author", by.author().toString())
                + (name == null ? "" : attribute("data-author-name", name))
                + (via == null ? "" : attribute("data-via", via.toString()))
                + attribute("datetime", by.at().toInstant().toString());
    }

    private static String name(Change change) {
        return switch (change) {
            case INSERTED -> "materi-inserted";
            case DELETED -> "materi-deleted";
            default -> "materi-changed";
        };
    }

    private static String list(String name, List<String> values) {
        return values.isEmpty() ? "" : attribute(name, String.join(" ", values));
    }

    private static String attribute(String name, String value) {
        return HtmlRenderer.attribute(name, value);
    }
}
