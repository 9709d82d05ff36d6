package ai.materi.collab.content;

import ai.materi.collab.content.Conflicts.Rule;
import ai.materi.crdt.YText;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A document whose text lives in a plain {@code Y.Text}: its text is its Markdown and its plain text. */
final class PlainText {
    private PlainText() {}

    static String render(YText live, Format format) {
        String text = live.toString();
        return switch (format) {
            case HTML -> HtmlRenderer.document(List.of(Element.text(Element.CODE_BLOCK, Map.of(), Inline.of(text))));
            case PROSEMIRROR -> ProseMirrorRenderer.document(TextFormat.parse(text));
            default -> text;
        };
    }

    static void replace(YText live, Format format, String target, @Nullable String base) {
        if (format != Format.MARKDOWN && format != Format.TEXT) {
            throw Problem.of(
                    ProblemCode.UNSUPPORTED_FORMAT, "This document is plain text; it is written as Markdown or text.");
        }
        Rendering rendering = new Rendering(Format.TEXT, false);
        Inline present = read(live);
        Inline from = Inline.of(base == null ? present.text() : base);
        Inline merged = InlineMerge.merge(
                rendering, base == null ? Rule.CALLER : Rule.REFUSE, from, present, Inline.of(target));
        if (merged == null) {
            Conflicts conflicts = new Conflicts();
            conflicts.add(Element.paragraph(from), null);
            conflicts.refuse();
        } else {
            write(live, present, merged);
        }
    }

    /** The live text, an embed as one unit. */
    static Inline read(YText live) {
        Inline.Builder out = new Inline.Builder();
        live.toDelta().forEach(insert -> {
            boolean text = insert.insert() instanceof String;
            out.text(text ? (String) insert.insert() : String.valueOf(Inline.OBJECT), Marks.NONE);
        });
        return out.build().asOrigin();
    }

    static void write(YText live, Inline present, Inline next) {
        live.doc().transact(Contents.ORIGIN, tx -> {
            int end = present.length();
            StringBuilder fresh = new StringBuilder();
            for (int i = next.spans().size() - 1; i >= 0; i--) {
                Inline.Span span = next.spans().get(i);
                if (span.origin() < 0) {
                    fresh.insert(0, span.text());
                    continue;
                }
                exchange(live, span.origin() + span.text().length(), end, fresh);
                end = span.origin();
            }
            exchange(live, 0, end, fresh);
        });
    }

    private static void exchange(YText live, int from, int to, StringBuilder fresh) {
        live.delete(from, to - from);
        live.insert(from, fresh.toString());
        fresh.setLength(0);
    }
}
