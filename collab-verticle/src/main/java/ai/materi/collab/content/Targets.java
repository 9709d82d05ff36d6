package ai.materi.collab.content;

import ai.materi.crdt.Doc;
import ai.materi.crdt.Id;
import ai.materi.crdt.YType;
import ai.materi.crdt.YXmlElement;
import ai.materi.crdt.YXmlFragment;
import ai.materi.platform.problem.Problem;
import ai.materi.platform.problem.ProblemCode;
import ai.materi.proto.collab.v1.Quote;
import ai.materi.proto.collab.v1.Range;
import java.util.List;
import java.util.Map;

/** Finds the places that edits name. */
final class Targets {
    /** A stretch of a text block, in UTF-16 units. */
    record Stretch(Element block, int from, int to) {}

    /** A stretch of some text among several. */
    record Hit(int text, int from, int to) {}

    private static final int DEEPEST = 10_000;

    private Targets() {}

    /** The live block of an id. Throws block_unknown. */
    static Element block(Doc doc, YXmlFragment root, String id) {
        Id parsed;
        try {
            parsed = Id.parse(id);
        } catch (IllegalArgumentException e) {
            throw Problem.of(ProblemCode.BLOCK_UNKNOWN, "A block's id is written as client:clock.");
        }
        if (doc.typeById(parsed) instanceof YXmlElement live
                && live.parent() instanceof YXmlFragment parent
                && isBelow(live, root)) {
            return LiveTree.read(live, parent);
        }
        throw Problem.of(ProblemCode.BLOCK_UNKNOWN, "The document has no block " + parsed + ".");
    }

    private static boolean isBelow(YType type, YXmlFragment root) {
        YType at = type;
        for (int i = 0; i < DEEPEST && at != null; i++) {
            if (at == root) {
                return true;
            }
            at = at.parent();
        }
        return false;
    }

    static Stretch range(Doc doc, YXmlFragment root, Range range) {
        Element block = block(doc, root, range.getBlock());
        if (!block.isText()) {
            throw outOfRange("The block has no text of its own.");
        }
        check(block.content().text(), range);
        return new Stretch(block, range.getFrom(), range.getTo());
    }

    /** Throws position_out_of_range unless the range lies in the text and cuts no surrogate pair. */
    static void check(String text, Range range) {
        int from = range.getFrom();
        int to = range.getTo();
        if (from < 0 || to < from || to > text.length()) {
            throw outOfRange("The block has " + text.length() + " units.");
        }
        if (cutsPair(text, from) || cutsPair(text, to)) {
            throw outOfRange("The position lies inside of a surrogate pair.");
        }
    }

    private static boolean cutsPair(String text, int at) {
        return at > 0
                && at < text.length()
                && Character.isHighSurrogate(text.charAt(at - 1))
                && Character.isLowSurrogate(text.charAt(at));
    }

    private static Problem outOfRange(String detail) {
        return Problem.of(ProblemCode.POSITION_OUT_OF_RANGE, detail);
    }

    static Stretch quote(List<Element> tree, Quote quote) {
        List<Element> blocks = TextFormat.blocks(tree);
        Hit hit = only(blocks.stream().map(b -> b.content().text()).toList(), quote);
        return new Stretch(blocks.get(hit.text()), hit.from(), hit.to());
    }

    /** The one place where the quote stands. Throws quote_not_found, or quote_ambiguous with the member {@code count}. */
    static Hit only(List<String> texts, Quote quote) {
        if (quote.getExact().isEmpty()) {
            throw Problem.of(ProblemCode.INVALID_FIELD, "A quote needs the exact text.");
        }
        String whole = quote.getPrefix() + quote.getExact() + quote.getSuffix();
        int count = 0;
        Hit hit = null;
        for (int i = 0; i < texts.size(); i++) {
            for (int at = texts.get(i).indexOf(whole);
                    at >= 0;
                    at = texts.get(i).indexOf(whole, at + 1)) {
                int from = at + quote.getPrefix().length();
                hit = count == 0 ? new Hit(i, from, from + quote.getExact().length()) : hit;
                count++;
            }
        }
        if (hit == null) {
            throw Problem.of(ProblemCode.QUOTE_NOT_FOUND, "The document does not have the quoted text.");
        }
        if (count > 1) {
            throw Problem.of(
                    ProblemCode.QUOTE_AMBIGUOUS,
                    "The document has the quoted text " + count + " times; a prefix or suffix tells them apart.",
                    Map.of("count", count));
        }
        return hit;
    }
}
